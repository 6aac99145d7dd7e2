using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using Stack.Ice;
using Stack.Stun;
using Stack.TestKit;
using Xunit;

namespace Stack.Transport.Tests;

public sealed class IceGatheringTests
{
    private static readonly LongTermCredential Credential = new("u", "p");

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Host_AllAddresses_AreTold()
    {
        await using var ice = new IceConnection(On("127.0.0.1", "127.0.0.2"));
        IReadOnlyList<Candidate> told = await GatherAsync(ice);
        Assert.Equal(["127.0.0.1", "127.0.0.2"], told.Select(static one => one.Address.ToIPAddress().ToString()).Order(StringComparer.Ordinal));
        Assert.All(told, static one => Assert.Equal(CandidateType.Host, one.Type));
        Assert.Empty(ice.GatheringWarnings);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Host_AddressThatCannotBeBound_IsAWarning()
    {
        await using var ice = new IceConnection(On("198.51.100.7", "127.0.0.1") with { InterfaceFilter = static _ => true });
        Assert.Single(await GatherAsync(ice));
        Assert.Contains("198.51.100.7", Assert.Single(ice.GatheringWarnings).Subject, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Ports_OfARange_AreUsedUntilNoneIsLeft()
    {
        // An address of this test alone: what is free there stays free.
        const string Unshared = "127.0.77.6";
        int free = FreePort(Unshared);
        IceOptions options = On(Unshared) with { Ports = new IcePortRange(free, free) };
        await using var first = new IceConnection(options);
        await using var second = new IceConnection(options);
        Assert.Equal(free, Assert.Single(await GatherAsync(first)).Address.Port);
        Assert.Empty(await GatherAsync(second));
        Assert.Single(second.GatheringWarnings);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task ServerReflexive_WithoutHosts_IsToldWithoutRelatedAddress()
    {
        await using StunServer server = await Servers.StartAsync(StunTransport.Udp);
        IceOptions options = On("127.0.0.1") with { Policy = IcePolicy.NoHosts, Servers = [new IceServer($"stun:{server.At()}")] };
        await using var ice = new IceConnection(options);
        Candidate told = Assert.Single(await GatherAsync(ice));
        Assert.Equal(CandidateType.ServerReflexive, told.Type);
        Assert.Null(told.RelatedAddress);
        Assert.EndsWith("raddr 0.0.0.0 rport 9", CandidateAttribute.Format(told), StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task ServerReflexive_DeadServersBesideALiveOne_DelayNothing()
    {
        using var silent = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        silent.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await using StunServer server = await Servers.StartAsync(StunTransport.Udp);
        IceOptions options = On("127.0.0.1") with
        {
            Policy = IcePolicy.NoHosts,
            GatheringTimeout = TimeSpan.FromHours(1),
            Servers = [new IceServer($"stun:{silent.LocalEndPoint}"), new IceServer($"stun:{server.At()}")],
        };
        await using var ice = new IceConnection(options);
        Assert.Single(await GatherAsync(ice));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task ServerReflexive_NameThatIsUnknown_IsAWarning()
    {
        var hosts = new FixedHosts();
        await using var ice = new IceConnection(On("127.0.0.1") with { Servers = [new IceServer("stun:nowhere.example.org")], StunLocator = hosts.Locator });
        Assert.Single(await GatherAsync(ice));
        Assert.Equal("stun:nowhere.example.org", Assert.Single(ice.GatheringWarnings).Subject);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Dispose_WhileANameResolves_DoesNotWait()
    {
        var silent = new SilentHosts();
        var ice = new IceConnection(On("127.0.0.1") with
        {
            Servers = [new IceServer("stun:slow.example.org")],
            StunLocator = new StunServerLocator(new FixedHosts(), silent),
        });
        Task<IceSignal> describing = ice.DescribeAsync();
        await silent.Asked.Task;
        await ice.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => describing);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task ExternalAddress_Known_IsToldWithTheLocalPort()
    {
        await using var ice = new IceConnection(On("127.0.0.1") with { ExternalAddresses = [new IceExternalAddress(IPAddress.Parse("198.51.100.9"))] });
        IReadOnlyList<Candidate> told = await GatherAsync(ice);
        Candidate external = Assert.Single(told, static one => one.Type == CandidateType.ServerReflexive);
        Assert.Equal(told.First(static one => one.Type == CandidateType.Host).Address.Port, external.Address.Port);
    }

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData(StunTransport.Udp)]
    [InlineData(StunTransport.Tcp)]
    [InlineData(StunTransport.Tls)]
    public async Task RelayOnly_BothSides_CarriesDataThroughTheServerAlone(StunTransport transport)
    {
        await using TurnServerHost host = await TurnHosts.StartAsync(transport);
        IceOptions options = Relayed(host, transport);
        await using IcePairOfPeers peers = await IcePairOfPeers.ConnectAsync(options, options);
        byte[] buffer = new byte[2000];
        for (byte i = 0; i < 20; i++)
        {
            await peers.Left.SendAsync(new byte[] { 200, i });
            Assert.Equal((2, i), (await peers.Right.ReceiveAsync(buffer), buffer[1]));
            await peers.Right.SendAsync(new byte[] { 201, i });
            Assert.Equal((2, i), (await peers.Left.ReceiveAsync(buffer), buffer[1]));
        }

        Assert.True(peers.Left.Path!.IsRelayed);
        IceSignal description = await peers.Left.DescribeAsync();
        Candidate told = Assert.Single(description.Candidates).Candidate;
        Assert.Equal(CandidateType.Relayed, told.Type);
        Assert.Null(told.RelatedAddress);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Relay_OfBothFamilies_IsToldTwice()
    {
        await using TurnServerHost host = await TurnHosts.StartAsync(
            StunTransport.Udp,
            change: static options => options with { RelayAddresses = [Relay(IPAddress.Loopback), Relay(IPAddress.IPv6Loopback)] });
        await using var ice = new IceConnection(Relayed(host, StunTransport.Udp));
        IReadOnlyList<Candidate> told = await GatherAsync(ice);
        Assert.Equal([StunAddressFamily.IPv4, StunAddressFamily.IPv6], told.Select(static one => one.Address.Family).Order());
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Relay_WrongPassword_IsAWarningAndTheExceptionSaysSo()
    {
        await using TurnServerHost host = await TurnHosts.StartAsync(StunTransport.Udp);
        var server = new IceServer($"turn:{host.At(StunTransport.Udp)}", new LongTermCredential("u", "wrong"));
        await using var ice = new IceConnection(On() with { Policy = IcePolicy.RelayOnly, Servers = [server], ConnectTimeout = TimeSpan.FromMilliseconds(1) });
        Assert.Empty(await GatherAsync(ice));
        Assert.Single(ice.GatheringWarnings);
        IceException error = await Assert.ThrowsAsync<IceException>(() => ice.ConnectAsync());
        Assert.Contains(server.ToString(), error.Message, StringComparison.Ordinal);
    }

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Network_Changed_RestartFindsThePathFromTheNewAddress(bool byItself)
    {
        var interfaces = new ListedInterfaces("127.0.0.1");
        var time = new ManualTimeProvider();
        var watch = new NetworkWatch(interfaces, time, usesSystemEvents: false);
        IceOptions moving = On() with { Interfaces = interfaces, Watch = watch, RestartsWhenNetworkChanges = byItself };
        await using IcePairOfPeers peers = await IcePairOfPeers.ConnectAsync(moving, On("127.0.0.9"));
        interfaces.Set("127.0.0.2");
        time.Advance(TimeSpan.FromSeconds(5));
        await EventAsync(peers.Left, static one => one.Kind == IceConnectionEventKind.NetworkChanged);
        Task moved = EventAsync(
            peers.Left,
            static one => one.Kind == IceConnectionEventKind.PathChanged && one.Path!.Local.Address.ToString().StartsWith("127.0.0.2", StringComparison.Ordinal));
        if (!byItself)
        {
            await peers.Left.RestartAsync();
        }

        await moved;
        await peers.Left.SendAsync(new byte[] { 200 });
        Assert.Equal(1, await peers.Right.ReceiveAsync(new byte[10]));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Tcp_ActiveToPassive_CarriesData()
    {
        IceOptions options = On("127.0.0.1") with { Tcp = IceTcpCandidates.ActiveAndPassive };
        await using IcePairOfPeers peers = IcePairOfPeers.Create(options with { AcceptsRemote = IsTcp }, options with { AcceptsRemote = IsTcp });
        await peers.ConnectAsync();
        Assert.Equal(CandidateTransport.Tcp, peers.Left.Path!.Local.Transport);
        await peers.Left.SendAsync(new byte[3000]);
        Assert.Equal(3000, await peers.Right.ReceiveAsync(new byte[4000]));
        await peers.Right.SendAsync(new byte[] { 200 });
        Assert.Equal(1, await peers.Left.ReceiveAsync(new byte[10]));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Tcp_ScannerThatSendsNonsense_IsClosed()
    {
        await using var ice = new IceConnection(On("127.0.0.1") with { Tcp = IceTcpCandidates.ActiveAndPassive });
        Candidate passive = Assert.Single(await GatherAsync(ice), static one => one.TcpType == TcpCandidateType.Passive);
        using var scanner = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await scanner.ConnectAsync(passive.Address.ToIPEndPoint());
        await scanner.SendAsync("\0\u0005hello"u8.ToArray());
        Assert.Equal(0, await ReceiveAsync(scanner));
    }

    internal static IceOptions On(params string[] addresses) => IcePairOfPeers.Loopback with
    {
        Interfaces = new ListedInterfaces(addresses),
        InterfaceFilter = null,
    };

    private static Stack.Turn.RelayAddress Relay(IPAddress address) => new(TransportAddress.FromIPAddress(address, 0));

    private static bool IsTcp(Candidate candidate) => candidate.Transport == CandidateTransport.Tcp;

    private static async Task<int> ReceiveAsync(Socket socket)
    {
        try
        {
            return await socket.ReceiveAsync(new byte[10]);
        }
        catch (SocketException)
        {
            return 0;
        }
    }

    internal static IceOptions Relayed(TurnServerHost host, StunTransport transport) => On("127.0.0.1") with
    {
        Policy = IcePolicy.RelayOnly,
        Servers =
        [
            new IceServer(host.At(transport).ToString(), Credential)
            {
                Transport = transport,
                Tls = new StunTlsOptions { CustomRoots = TestCertificates.Roots, ExpectedHost = "localhost" },
            },
        ],
    };

    private static async Task<IReadOnlyList<Candidate>> GatherAsync(IceConnection ice)
        => [.. (await ice.DescribeAsync()).Candidates.Select(static one => one.Candidate)];

    private static async Task EventAsync(IceConnection ice, Predicate<IceConnectionEvent> wanted)
    {
        while (!wanted(await ice.ReadEventAsync()))
        {
        }
    }

    private static int FreePort(string address)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <summary>A resolver that never answers.</summary>
    private sealed class SilentHosts : IHostResolver
    {
        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, System.Threading.CancellationToken cancellationToken)
        {
            Asked.TrySetResult();
            return new TaskCompletionSource<IReadOnlyList<IPAddress>>().Task;
        }
    }
}
