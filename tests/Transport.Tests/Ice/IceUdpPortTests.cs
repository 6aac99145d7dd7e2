using System;
using System.Buffers.Binary;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.TestKit;
using Xunit;

namespace Stack.Transport.Tests;

public sealed class IceUdpPortTests
{
    private const int MostAtOnce = 25;

    private static readonly IceUdpPortOptions Loopback = new() { Addresses = [IPAddress.Loopback] };

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData(25)]
    [InlineData(1000)]
    public async Task ManyConnections_OnOnePort_EachHearsItsOwnPeer(int count)
    {
        await using IceUdpPort port = IceUdpPort.Open(Loopback);
        IceOptions client = OnALoopOfItsOwn();
        IceOptions server = client with { SharedPort = port };
        IcePairOfPeers[] peers = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => IcePairOfPeers.ConnectAsync(client, server)));
        foreach ((int Number, IcePairOfPeers Pair)[] some in peers.Index().Chunk(MostAtOnce))
        {
            await Task.WhenAll(some.SelectMany(one => new[]
            {
                CarryAsync(one.Pair.Left, one.Pair.Right, Payload(200, one.Number)),
                CarryAsync(one.Pair.Right, one.Pair.Left, Payload(201, one.Number)),
            }));
        }

        Assert.All(peers, pair => Assert.Equal(port.EndPoints[0].Port, pair.Left.Path!.Remote.Address.Port));
        foreach (IcePairOfPeers pair in peers)
        {
            await pair.DisposeAsync();
        }

        Assert.Equal(0, port.Sockets[0].Directory.Count);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Close_OfOneConnection_LeavesTheOthersAlone()
    {
        await using IceUdpPort port = IceUdpPort.Open(Loopback);
        IceOptions server = IceGatheringTests.On("127.0.0.1") with { SharedPort = port };
        await using IcePairOfPeers stays = await IcePairOfPeers.ConnectAsync(IceGatheringTests.On("127.0.0.1"), server);
        await using (await IcePairOfPeers.ConnectAsync(IceGatheringTests.On("127.0.0.1"), server))
        {
        }

        await stays.Left.SendAsync(new byte[] { 200 });
        Assert.Equal(1, await stays.Right.ReceiveAsync(new byte[10]));
        Assert.Equal(1, port.Sockets[0].Directory.Count);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Busy_Connection_DelaysNoOther()
    {
        await using IceUdpPort port = IceUdpPort.Open(Loopback);
        IceOptions client = OnALoopOfItsOwn();
        IceOptions server = client with { SharedPort = port };
        await using IcePairOfPeers busy = await IcePairOfPeers.ConnectAsync(client, server);
        await using IcePairOfPeers other = await IcePairOfPeers.ConnectAsync(client, server);
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var release = new System.Threading.ManualResetEventSlim();
        Task holder = Task.Run(() =>
        {
            using IceDriver.Scope scope = busy.Right.Driver.Enter();
            held.SetResult();
            release.Wait();
        });
        await held.Task;
        await busy.Left.SendAsync(new byte[] { 200, 1 });
        await other.Left.SendAsync(new byte[] { 200, 2 });
        Assert.Equal(2, await other.Right.ReceiveAsync(new byte[10]));
        release.Set();
        await holder;
        Assert.Equal(2, await busy.Right.ReceiveAsync(new byte[10]));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Restart_OnASharedPort_KeepsThePort()
    {
        await using IceUdpPort port = IceUdpPort.Open(Loopback);
        await using IcePairOfPeers peers = await IcePairOfPeers.ConnectAsync(
            IceGatheringTests.On("127.0.0.1"), IceGatheringTests.On("127.0.0.1") with { SharedPort = port });
        await peers.Right.RestartAsync();
        Assert.Equal(port.EndPoints[0].Port, peers.Left.Path!.Remote.Address.Port);
        await peers.Left.SendAsync(new byte[] { 200 });
        Assert.Equal(1, await peers.Right.ReceiveAsync(new byte[10]));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Stranger_AndStray_AreCountedAndLeaveNoTrace()
    {
        await using IceUdpPort port = IceUdpPort.Open(Loopback);
        using var sender = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        sender.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await sender.SendToAsync(new byte[] { 200, 1 }, port.EndPoints[0]);
        await sender.SendToAsync(Check("abcd:efgh"), port.EndPoints[0]);
        IceStrangerCheck stranger = await port.ReadStrangerAsync();
        Assert.Equal(
            new IceStrangerCheck("abcd", "efgh", TransportAddress.FromIPEndPoint((IPEndPoint)sender.LocalEndPoint!)), stranger);
        Assert.Equal((1, 1, 0), (port.Strangers, port.Strays, port.Sockets[0].Directory.Count));
        Assert.Null(port.Sockets[0].Directory.Find(stranger.Source));
    }

    [Theory]
    [InlineData("abcd:efgh", true)]
    [InlineData("abcdefgh", false)]
    [InlineData("abc:efgh", false)]
    [InlineData("abcd:efgh:ijkl", false)]
    [InlineData("ab d:efgh", false)]
    [InlineData(":", false)]
    public void UsernameFragments_Read_TakesTwoFragmentsAlone(string username, bool valid)
        => Assert.Equal(valid, UsernameFragments.TryRead(Check(username), out _));

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Sources_OfOneConnection_AreBounded()
    {
        await using IceUdpPort port = IceUdpPort.Open(Loopback);
        await using IcePairOfPeers peers = await IcePairOfPeers.ConnectAsync(
            IceGatheringTests.On("127.0.0.1"), IceGatheringTests.On("127.0.0.1") with { SharedPort = port });
        PortDirectory directory = port.Sockets[0].Directory;
        SharedBase agent = Assert.IsType<SharedBase>(Assert.Single(peers.Right.Driver.Bases).Value);
        for (int i = 1; i <= PortDirectory.MaxSourcesPerAgent + 1; i++)
        {
            directory.Expect(TransportAddress.FromIPv4(0xC0000201, (ushort)i), agent);
        }

        Assert.Null(directory.Find(TransportAddress.FromIPv4(0xC0000201, 1)));
        Assert.Same(agent, Assert.Single(directory.Find(TransportAddress.FromIPv4(0xC0000201, PortDirectory.MaxSourcesPerAgent + 1))!));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task MappedAddress_OfASharedPort_IsAskedForOnce()
    {
        await using StunServer server = await Servers.StartAsync(StunTransport.Udp);
        await using IceUdpPort port = IceUdpPort.Open(Loopback);
        IceOptions options = IceGatheringTests.On("127.0.0.1") with
        {
            SharedPort = port,
            Policy = IcePolicy.NoHosts,
            Servers = [new IceServer($"stun:{server.At()}")],
        };
        await using var first = new IceConnection(options);
        IceSignal one = await first.DescribeAsync();
        await using var second = new IceConnection(options);
        IceSignal other = await second.DescribeAsync();
        Assert.Equal(port.EndPoints[0].Port, Assert.Single(one.Candidates).Candidate.Address.Port);
        Assert.Equal(one.Candidates[0].Candidate.Address, Assert.Single(other.Candidates).Candidate.Address);
        Assert.Null(Assert.Single(second.Driver.Bases).Value.Probes);
    }

    [Fact]
    public void Open_UnspecifiedAddress_IsRefused()
        => Assert.Throws<ArgumentException>(() => IceUdpPort.Open(new IceUdpPortOptions { Addresses = [IPAddress.Any] }));

    [Fact]
    public async Task Options_SeveralComponentsOnASharedPort_AreRefused()
    {
        await using IceUdpPort port = IceUdpPort.Open(Loopback);
        Assert.Throws<ArgumentException>(() => new IceConnection(IceGatheringTests.On("127.0.0.1") with { Streams = [2], SharedPort = port }));
    }

    // Connections of one clock share the pacer and the alarms: many of them, or one that is held, would delay the tests that run meanwhile.
    private static IceOptions OnALoopOfItsOwn() => IceGatheringTests.On("127.0.0.1") with { TimeProvider = new SlowTimeProvider(1) };

    // A datagram that finds the buffer of its socket full is lost, so it is sent until it has come.
    private static async Task CarryAsync(IceConnection from, IceConnection to, byte[] payload)
    {
        byte[] buffer = new byte[10];
        Task<int> reading = to.ReceiveAsync(buffer).AsTask();
        do
        {
            await from.SendAsync(payload);
        }
        while (await Task.WhenAny(reading, Task.Delay(TimeSpan.FromSeconds(1))) != reading);

        Assert.Equal(payload, buffer[..await reading]);
    }

    private static byte[] Payload(byte first, int number)
    {
        byte[] payload = [first, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(payload.AsSpan(1), number);
        return payload;
    }

    private static byte[] Check(string username)
    {
        byte[] buffer = new byte[200];
        using RandomNumberGenerator random = RandomNumberGenerator.Create();
        var writer = new StunMessageWriter(buffer, new StunMessageType(StunMethod.Binding, StunClass.Request), TransactionId.Create(random));
        writer.AddUsername(Encoding.ASCII.GetBytes(username));
        return writer.Written.ToArray();
    }
}
