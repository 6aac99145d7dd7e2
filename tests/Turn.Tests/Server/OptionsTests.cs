using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using Stack.Stun;
using Xunit;

namespace Stack.Turn.Tests;

/// <summary>Every default of security.md section 2 that is the server's, and what is refused at the start (V46, T69).</summary>
public sealed class OptionsTests
{
    public static TheoryData<string, object> Defaults => new()
    {
        { nameof(TurnServerLimits.AllocationsPerUser), 10 },
        { nameof(TurnServerLimits.AllocationsPerSource), 50 },
        { nameof(TurnServerLimits.Allocations), 10_000 },
        { nameof(TurnServerLimits.PermissionsPerAllocation), 128 },
        { nameof(TurnServerLimits.ChannelsPerAllocation), 64 },
        { nameof(TurnServerLimits.PeersPerRequest), 16 },
        { nameof(TurnServerLimits.ConnectionsPerAllocation), 32 },
        { nameof(TurnServerLimits.DefaultLifetime), TimeSpan.FromSeconds(600) },
        { nameof(TurnServerLimits.MaxLifetime), TimeSpan.FromSeconds(3600) },
        { nameof(TurnServerLimits.NonceLifetime), TimeSpan.FromSeconds(600) },
        { nameof(TurnServerLimits.FirstPort), 49152 },
        { nameof(TurnServerLimits.LastPort), 65535 },
        { nameof(TurnServerLimits.PortQuarantine), TimeSpan.FromSeconds(30) },
        { nameof(TurnServerLimits.ReservationLifetime), TimeSpan.FromSeconds(30) },
        { nameof(TurnServerLimits.BytesPerSecondPerAllocation), 6_250_000L },
        { nameof(TurnServerLimits.BytesPerSecondPerUser), 0L },
        { nameof(TurnServerLimits.BytesPerSecond), 0L },
        { nameof(TurnServerLimits.AuthenticationFailures), 5 },
        { nameof(TurnServerLimits.ConnectTimeout), TimeSpan.FromSeconds(30) },
        { nameof(TurnServerLimits.ConnectionBindTimeout), TimeSpan.FromSeconds(30) },
    };

    public static TheoryData<string, TurnServerLimits> WrongLimits
    {
        get
        {
            var limits = new TurnServerLimits();
            TimeSpan zero = TimeSpan.Zero;
            return new TheoryData<string, TurnServerLimits>
            {
                { "users", limits with { AllocationsPerUser = 0 } },
                { "sources", limits with { AllocationsPerSource = 0 } },
                { "allocations", limits with { Allocations = -1 } },
                { "permissions", limits with { PermissionsPerAllocation = 0 } },
                { "channels", limits with { ChannelsPerAllocation = 0 } },
                { "more channels than numbers", limits with { ChannelsPerAllocation = 4097 } },
                { "peers", limits with { PeersPerRequest = 0 } },
                { "connections", limits with { ConnectionsPerAllocation = 0 } },
                { "failures", limits with { AuthenticationFailures = 0 } },
                { "default lifetime", limits with { DefaultLifetime = zero } },
                { "maximum below the default", limits with { MaxLifetime = TimeSpan.FromSeconds(599) } },
                { "maximum beyond the wire", limits with { MaxLifetime = TimeSpan.FromSeconds(1L << 32) } },
                { "nonce", limits with { NonceLifetime = zero } },
                { "nonce above an hour", limits with { NonceLifetime = TimeSpan.FromSeconds(3601) } },
                { "reservation", limits with { ReservationLifetime = zero } },
                { "connect", limits with { ConnectTimeout = zero } },
                { "connection bind", limits with { ConnectionBindTimeout = zero } },
                { "quarantine", limits with { PortQuarantine = TimeSpan.FromTicks(-1) } },
                { "first port", limits with { FirstPort = 0 } },
                { "last port", limits with { LastPort = 65536 } },
                { "ports the wrong way round", limits with { FirstPort = 50001, LastPort = 50000 } },
                { "bandwidth", limits with { BytesPerSecondPerAllocation = -1 } },
                { "bandwidth of a user", limits with { BytesPerSecondPerUser = -1 } },
                { "bandwidth of all", limits with { BytesPerSecond = -1 } },
            };
        }
    }

    public static TheoryData<string, TurnServerOptions> WrongOptions
    {
        get
        {
            TurnServerOptions options = TurnServerRun.Options;
            return new TheoryData<string, TurnServerOptions>
            {
                { "no realm", options with { Realm = "" } },
                { "long realm", options with { Realm = new string('r', 128) } },
                { "long software", options with { Software = new string('s', 128) } },
                { "any IPv4 address", options with { RelayAddresses = [new RelayAddress(PeerAddresses.Address("0.0.0.0"))] } },
                { "any IPv6 address", options with { RelayAddresses = [new RelayAddress(PeerAddresses.Address("::"))] } },
                { "nothing to advertise", options with { RelayAddresses = [new RelayAddress(Endpoints.Relay, PeerAddresses.Address("0.0.0.0"))] } },
                { "other family outside", options with { RelayAddresses = [new RelayAddress(Endpoints.Relay, Endpoints.Relay6)] } },
                { "no address", options with { RelayAddresses = [default] } },
                { "no alternate", options with { AlternateServers = [new AlternateServer(default)] } },
                { "alternate without a port", options with { AlternateServers = [new AlternateServer(Endpoints.Server.WithPort(0))] } },
                { "alternate without a name", options with { AlternateServers = [new AlternateServer(Endpoints.Server, "")] } },
                { "alternate with a long name", options with { AlternateServers = [new AlternateServer(Endpoints.Server, new string('d', 256))] } },
                { "wrong limits", options with { Limits = options.Limits with { Allocations = 0 } } },
            };
        }
    }

    [Theory]
    [MemberData(nameof(Defaults))]
    public void Limit_Default_IsTheDocumentedOne(string name, object expected)
        => Assert.Equal(expected, typeof(TurnServerLimits).GetProperty(name)!.GetValue(new TurnServerLimits()));

    [Fact]
    public void Limits_Defaults_AreAllInTheTable() => Assert.Equal(Defaults.Count, typeof(TurnServerLimits).GetProperties().Length);

    // security.md section 2: what is on and off by default.
    [Fact]
    public void Options_Defaults_AreForTheOpenInternet()
    {
        TurnServerOptions options = TurnServerRun.Options;
        Assert.Equal(
            (true, true, false, true, false, true, false, false),
            (options.RelaysUdp, options.RelaysTcp, options.OffersSha256OverUdp, options.OffersSha256OverStreams, options.OffersUsernameAnonymity,
                options.SupportsDontFragment, options.StrictAmplification, options.RedirectsAll));
        Assert.Null(options.Software);
        Assert.Null(options.Binding.Software);
        Assert.Null(options.Binding.Alternate);
        Assert.False(options.Binding.Classic);
        Assert.Empty(options.AlternateServers);
        Assert.Equal(new ReplyRateLimit(10, 20, 20_000), options.Binding.RateLimit);
        Assert.Equal((48, 3, 2048), (TurnServer.Headroom, TurnServer.Tailroom, TurnServer.MinReplyBuffer));
    }

    // security.md V46, T69: refused at the start, never found out later.
    [Theory]
    [MemberData(nameof(WrongOptions))]
    public void Options_Wrong_AreRefused(string why, TurnServerOptions options)
    {
        Assert.NotEmpty(why);
        using var good = new TurnServerRun();
        Assert.ThrowsAny<ArgumentException>(() => new TurnServer(options, good.Resources, good.Users, good.Sockets, new CountingRandom()));

        // security.md T62: a server that runs goes on as it was.
        good.Alice.Allocate().Expect(200);
        Assert.ThrowsAny<ArgumentException>(() => good.Server.Reconfigure(options, null));
        Assert.Equal("200 Refresh lifetime=600 MI", good.Alice.Refresh().Lines[0]);
        good.Bob.Allocate().Expect(200);
    }

    [Theory]
    [MemberData(nameof(WrongLimits))]
    public void Limits_Wrong_AreRefused(string why, TurnServerLimits limits)
    {
        Assert.NotEmpty(why);
        Assert.ThrowsAny<ArgumentException>(() => new TurnServerRun(TurnServerRun.Options with { Limits = limits }));
        using var good = new TurnServerRun();
        Assert.ThrowsAny<ArgumentException>(() => good.Resources.Reconfigure(limits, null));
        good.Alice.Allocate().Expect(200);
    }

    [Theory]
    [InlineData(31)]
    [InlineData(0)]
    [InlineData(33)]
    public void NonceKey_OfAnotherSize_IsRefused(int size)
    {
        Assert.Throws<ArgumentException>(() => new TurnServerResources(
            new TurnServerLimits(), null, new byte[size], TurnServerRun.StartedAt, new CountingRandom()));
        using var run = new TurnServerRun();
        run.Alice.Learn();
        Assert.Throws<ArgumentException>(() => run.Resources.ChangeNonceKey(new byte[size]));
        run.Alice.Allocate().Expect(200);
    }

    // security.md V57, T68: 5-tuples that an attacker chooses do not fall together, whatever he knows of the hash of a word.
    [Fact]
    public void FiveTuples_ChosenToCollide_DoNot()
    {
        const int Count = 50_000;
        var hashes = new HashSet<int>();
        for (uint i = 0; i < Count; i++)
        {
            // The halves of the interface identifier cancel out in an exclusive or.
            ulong low = ((ulong)i << 32) | i;
            TransportAddress client = TransportAddress.FromIPv6(((UInt128)0x20010DB800000000 << 64) | low, 40000);
            hashes.Add(Endpoints.Path(client).GetHashCode());
        }

        Assert.InRange(hashes.Count, Count * 99 / 100, Count);
    }

    // security.md T68: nor do transaction ids.
    [Fact]
    public void TransactionIds_ChosenToCollide_DoNot()
    {
        const int Count = 50_000;
        var hashes = new HashSet<int>();
        byte[] bytes = new byte[TransactionId.Size];
        for (uint i = 0; i < Count; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, i);
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), i);
            hashes.Add(TransactionId.Read(bytes).GetHashCode());
        }

        Assert.InRange(hashes.Count, Count * 99 / 100, Count);
    }
}
