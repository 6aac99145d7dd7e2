using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.TestKit;
using Stack.Turn;
using Xunit;

namespace Stack.Transport.Tests;

public sealed class TurnServerHostOptionsTests
{
    public static TheoryData<string, Func<TurnServerHostOptions, TurnServerHostOptions>> Wrong => new()
    {
        { "nothing to listen", static o => o with { Listen = [] } },
        { "realm", static o => o with { Realm = "" } },
        { "realm", static o => o with { Realm = new string('r', 128) } },
        { "certificate", static o => o with { Listen = [Servers.Listen(StunTransport.Tls)] } },
        { "Shards", static o => o with { Shards = 0 } },
        { "Shards", static o => o with { Shards = 257 } },
        { "nonce key", static o => o with { NonceKey = new byte[31] } },
        { "concrete", static o => o with { RelayAddresses = [new RelayAddress(TransportAddress.FromIPv4(0, 0))] } },
        { "concrete", static o => o with { RelayAddresses = [new RelayAddress(TransportAddress.FromIPv4(0x7F000001, 0), TransportAddress.FromIPv4(0, 0))] } },
        { "same family", static o => o with { RelayAddresses = [new RelayAddress(TransportAddress.FromIPv4(0x7F000001, 0), TransportAddress.FromIPv6(1, 0))] } },
        { "give the relay addresses", static o => o with { Listen = [Servers.Listen(StunTransport.Udp, "0.0.0.0")] } },
        { "give the relay addresses", static o => o with { Listen = [Servers.Listen(StunTransport.Udp, "::")] } },
        { "UDP listener", static o => o with { Alternate = new IPEndPoint(IPAddress.IPv6Loopback, 0) } },
        { "SOFTWARE", static o => o with { Software = new string('s', 510) } },
        { "SendQueueSize", static o => o with { Connections = o.Connections with { SendQueueSize = 1 } } },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task Start_OptionsThatCannotBe_SaysWhy(string expected, Func<TurnServerHostOptions, TurnServerHostOptions> change)
    {
        ArgumentException error = await Assert.ThrowsAnyAsync<ArgumentException>(() => TurnServerHost.StartAsync(change(TurnHosts.Options())));

        Assert.Contains(expected, error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Start_WithoutCredentials_IsAStunServer()
    {
        await using TurnServerHost host = await TurnServerHost.StartAsync(new TurnServerHostOptions
        {
            Listen = [Servers.Listen(StunTransport.Udp, "0.0.0.0")],
            Shards = 1,
        });
        IPEndPoint loopback = host.EndPoints.First(static e => e.EndPoint.Address.Equals(IPAddress.Loopback)).EndPoint;
        using Socket client = RawClient.Udp();
        await client.SendToAsync(Wire.Request(StunMethod.Allocate), loopback);

        byte[] answer = await RawClient.AskAsync(client, loopback);

        Assert.Equal(client.LocalEndPoint, Wire.Mapped(answer));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task EndPoints_AreInTheOrderOfTheOptions()
    {
        await using TurnServerHost host = await TurnServerHost.StartAsync(
            TurnHosts.Options(Servers.Listen(StunTransport.Tcp), Servers.Listen(StunTransport.Udp), Servers.Listen(StunTransport.Tls, "127.0.0.2")));

        Assert.Equal([StunTransport.Tcp, StunTransport.Udp, StunTransport.Tls], host.EndPoints.Select(static e => e.Transport));
        Assert.All(host.EndPoints, static e => Assert.NotEqual(0, e.EndPoint.Port));
    }

    [RequiresTheory(Requirement.LinuxCalls, Timeout = Patience.Milliseconds)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Alternate_ChangeRequest_IsAnsweredFromTheOtherEndPoint(int shards)
    {
        await using TurnServerHost host = await TurnServerHost.StartAsync(
            TurnHosts.Options() with { Alternate = new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0), Shards = shards });
        Assert.Equal(4, host.EndPoints.Count);
        for (int i = 0; i < 8; i++)
        {
            using Socket client = RawClient.Udp();
            byte[] request = Wire.Request(attributes: static (ref StunMessageWriter writer)
                => writer.AddChangeRequest(ChangeRequestFlags.ChangeIP | ChangeRequestFlags.ChangePort));
            await client.SendToAsync(request, host.EndPoints[0].EndPoint);
            (byte[] answer, IPEndPoint from) = await RawClient.ReceiveAsync(client);

            Assert.True(Wire.IsAnswerTo(answer, request));
            Assert.Equal(host.EndPoints[1].EndPoint, from);
        }
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Start_WhatTheOperatorShouldKnow_IsLogged()
    {
        (List<ServerLogRecord> records, Action<ServerLogRecord> log) = TurnHosts.Journal();
        await using (await TurnServerHost.StartAsync(TurnHosts.Options() with { Log = log, Realm = "a-realm-of-17-char" }))
        {
            Assert.All(records, static record => Assert.Equal(("configuration", ServerLogLevel.Warning), (record.Class, record.Level)));
            Assert.Contains(records, static record => record.Message.Contains("PRIVATE RELAY ADDRESS", StringComparison.Ordinal));
            Assert.Contains(records, static record => record.Message.Contains("LOOPBACK PEERS", StringComparison.Ordinal));
            Assert.Contains(records, static record => record.Message.Contains("16 characters", StringComparison.Ordinal));
            Assert.Equal(Environment.IsPrivilegedProcess, records.Exists(static record => record.Message.Contains("root", StringComparison.Ordinal)));
        }

        records.Clear();
        var elsewhere = new RelayAddress(TransportAddress.FromIPv4(0x7F000001, 0), TransportAddress.FromIPv4(0x08080808, 0));
        await using (await TurnServerHost.StartAsync(TurnHosts.Options() with { Log = log, RelayAddresses = [elsewhere], PeerRules = new PeerAddressRules() }))
        {
            Assert.DoesNotContain(records, static record => !record.Message.Contains("root", StringComparison.Ordinal));
        }
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Log_ThatThrows_HarmsNobody()
    {
        await using TurnServerHost host = await TurnHosts.StartAsync(
            StunTransport.Udp,
            change: static o => o with { Log = static _ => throw new InvalidOperationException("disk full"), Trace = static _ => throw new InvalidOperationException("no") });
        using RawTurnClient client = RawTurnClient.Udp(host.At(StunTransport.Udp));

        await client.AllocateAsync();
    }

    [Theory]
    [InlineData(20000L, 10000, 4000, 10000)]
    [InlineData(1024L, 10000, 0, 960)]
    [InlineData(1024L, 10000, 4000, 1)]
    [InlineData(null, 10000, 4000, 10000)]
    public void Allocations_DescriptorsTheyNeed_AreThere(long? limit, int allocations, int connections, int expected)
        => Assert.Equal(expected, DescriptorLimit.Clamp(limit, allocations, connections));
}
