using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.TestKit;
using Stack.Turn;
using Xunit;

namespace Stack.Transport.Tests;

/// <summary>Relaying through a server, over each transport and each way to use the system.</summary>
public sealed class TurnServerHostRelayTests
{
    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData(StunTransport.Udp, false)]
    [InlineData(StunTransport.Udp, true)]
    [InlineData(StunTransport.Tcp, false)]
    [InlineData(StunTransport.Tcp, true)]
    [InlineData(StunTransport.Tls, false)]
    [InlineData(StunTransport.Tls, true)]
    public async Task Relay_IndicationsAndChannels_CarryBothWays(StunTransport transport, bool portable)
    {
        await using TurnServerHost host = await TurnHosts.StartAsync(transport, portable);
        using RawTurnClient client = await RawTurnClient.ConnectAsync(host, transport);
        using Socket peer = RawClient.Udp();
        var peerAddress = (IPEndPoint)peer.LocalEndPoint!;

        IPEndPoint relayed = await client.AllocateAsync();
        Assert.Equal(1, host.AllocationCount);
        await client.PermitAsync(peerAddress);
        foreach (int length in new[] { 0, 1, 5, 1000 })
        {
            byte[] data = [.. Enumerable.Range(0, length).Select(i => (byte)i)];
            await client.SendToAsync(peerAddress, data);
            (byte[] bytes, IPEndPoint from) = await RawClient.ReceiveAsync(peer);
            Assert.Equal(data, bytes);
            Assert.Equal(relayed, from);
            await peer.SendToAsync(data, relayed);
            (IPEndPoint who, byte[] back) = await client.ReadDataAsync();
            Assert.Equal(peerAddress, who);
            Assert.Equal(data, back);
        }

        await client.BindAsync(0x4001, peerAddress);
        foreach (int length in new[] { 0, 1, 6, 1003 })
        {
            byte[] data = [.. Enumerable.Range(0, length).Select(i => (byte)(i * 3))];
            await client.SendOnChannelAsync(0x4001, data);
            Assert.Equal(data, (await RawClient.ReceiveAsync(peer)).Bytes);
            await peer.SendToAsync(data, relayed);
            Assert.Equal(data, await client.ReadChannelAsync(0x4001));
        }
    }

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData(StunTransport.Tcp)]
    [InlineData(StunTransport.Tls)]
    public async Task MixedPort_PlainAndTls_ServesBoth(StunTransport transport)
    {
        await using TurnServerHost host = await TurnServerHost.StartAsync(
            TurnHosts.Options(Servers.Listen(StunTransport.Tcp), Servers.Listen(StunTransport.Tls)));
        Assert.Equal(host.At(StunTransport.Tcp), host.At(StunTransport.Tls));
        using RawTurnClient client = await RawTurnClient.ConnectAsync(host, transport);
        using Socket peer = RawClient.Udp();

        IPEndPoint relayed = await client.AllocateAsync();
        await client.PermitAsync((IPEndPoint)peer.LocalEndPoint!);
        await peer.SendToAsync(new byte[] { 7 }, relayed);

        Assert.Equal([7], (await client.ReadDataAsync()).Data);
    }

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Relay_IPv6_CarriesBothWays(bool portable)
    {
        await using TurnServerHost host = await TurnServerHost.StartAsync(
            TurnHosts.Options(Servers.Listen(StunTransport.Udp, "::1")) with { UsesPortableSockets = portable });
        using RawTurnClient client = RawTurnClient.Udp(host.At(StunTransport.Udp));
        using Socket peer = RawClient.Udp("::1");

        IPEndPoint relayed = await client.AllocateAsync(
            more: static (ref StunMessageWriter writer) => writer.AddRequestedAddressFamily(StunAddressFamily.IPv6));
        await client.PermitAsync((IPEndPoint)peer.LocalEndPoint!);
        await peer.SendToAsync(new byte[] { 7 }, relayed);
        Assert.Equal([7], (await client.ReadDataAsync()).Data);
        await client.SendToAsync((IPEndPoint)peer.LocalEndPoint!, [8], dontFragment: true);

        Assert.Equal([8], (await RawClient.ReceiveAsync(peer)).Bytes);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Relay_LargeMessagesOverTcp_PassOnceAuthenticated()
    {
        await using TurnServerHost host = await TurnHosts.StartAsync(StunTransport.Tcp);
        using RawTurnClient client = await RawTurnClient.TcpAsync(host.At(StunTransport.Tcp));
        using Socket peer = RawClient.Udp();
        IPEndPoint relayed = await client.AllocateAsync();
        await client.BindAsync(0x4001, (IPEndPoint)peer.LocalEndPoint!);
        byte[] data = new byte[60_000];
        System.Security.Cryptography.RandomNumberGenerator.Fill(data);

        await client.SendOnChannelAsync(0x4001, data);
        Assert.Equal(data, (await RawClient.ReceiveAsync(peer)).Bytes);
        await peer.SendToAsync(data, relayed);

        Assert.Equal(data, await client.ReadChannelAsync(0x4001));
    }

    [RequiresFact(Requirement.LinuxCalls, Timeout = Patience.Milliseconds)]
    public async Task Icmp_PeerWithAClosedPort_ReachesTheClient()
    {
        await using TurnServerHost host = await TurnHosts.StartAsync(StunTransport.Udp, change: WithLinuxCalls);
        using RawTurnClient client = RawTurnClient.Udp(host.At(StunTransport.Udp));
        using var closed = new DeadPort(ProtocolType.Udp);

        await client.AllocateAsync();
        await client.PermitAsync(closed.EndPoint);
        await client.SendToAsync(closed.EndPoint, [1]);

        Assert.Equal((closed.EndPoint, new IcmpError(3, 3, 0)), ReadIcmp(await client.ReadAsync()));
    }

    [RequiresFact(Requirement.Root)]
    public void DontFragment_DatagramAboveTheMtu_TheClientIsToldTheMtu()
        => Namespace.Run(1400, static () => Namespace.Wait(AskForTooBigAsync()));

    [RequiresTheory(Requirement.LinuxCalls, Timeout = Patience.Milliseconds)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TrafficClass_UdpBothWays_IsCopied(bool channel)
    {
        await using TurnServerHost host = await TurnHosts.StartAsync(StunTransport.Udp, change: WithLinuxCalls);
        using RawTurnClient client = RawTurnClient.Udp(host.At(StunTransport.Udp));
        using var peer = new TrafficClassEnd();
        using var spy = new TrafficClassEnd(client.Socket);
        IPEndPoint relayed = await client.AllocateAsync();
        await client.BindAsync(0x4001, peer.Local);
        const byte Expedited = (46 << 2) | 1;

        spy.Set(Expedited);
        await (channel ? client.SendOnChannelAsync(0x4001, [1]) : client.SendToAsync(peer.Local, [1]));
        Assert.Equal(Expedited, peer.Receive());
        peer.Set(0x2A);
        peer.Send(relayed);
        Assert.Equal(0x2A, spy.Receive());
        spy.Set(0);
        await client.SendOnChannelAsync(0x4001, [1]);

        Assert.Equal(0, peer.Receive());
    }

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Shards_ManyClients_EachKeepsItsOwn(bool tcp)
    {
        StunTransport transport = tcp ? StunTransport.Tcp : StunTransport.Udp;
        await using TurnServerHost host = await TurnHosts.StartAsync(transport, change: o => o with
        {
            Shards = 2,
            Limits = o.Limits with { AllocationsPerUser = 100, AllocationsPerSource = 100 },
        });
        using Socket peer = RawClient.Udp();
        for (byte i = 0; i < 16; i++)
        {
            using RawTurnClient client = await RawTurnClient.ConnectAsync(host, transport);
            IPEndPoint relayed = await client.AllocateAsync();
            await client.PermitAsync((IPEndPoint)peer.LocalEndPoint!);
            await client.SendToAsync((IPEndPoint)peer.LocalEndPoint!, [i]);
            (byte[] bytes, IPEndPoint from) = await RawClient.ReceiveAsync(peer);
            Assert.Equal([i], bytes);
            Assert.Equal(relayed, from);
        }
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Reservation_ClaimedOnAnotherShard_IsThePortBehind()
    {
        await using TurnServerHost host = await TurnHosts.StartAsync(StunTransport.Tcp, change: static o => o with { Shards = 2 });

        // Connections take turns, so that these two are on different shards.
        using RawTurnClient first = await RawTurnClient.TcpAsync(host.At(StunTransport.Tcp));
        byte[] response = await first.AskAsync(StunMethod.Allocate, static (ref StunMessageWriter writer) =>
        {
            writer.AddRequestedTransport(RelayProtocol.Udp);
            writer.AddEvenPort(reserveNext: true);
        });
        IPEndPoint even = RawTurnClient.Relayed(response);
        ReservationToken token = Token(response);
        using Socket peer = RawClient.Udp();
        await peer.SendToAsync(new byte[] { 1 }, new IPEndPoint(even.Address, even.Port + 1));

        using RawTurnClient second = await RawTurnClient.TcpAsync(host.At(StunTransport.Tcp));
        IPEndPoint odd = await second.AllocateAsync(more: (ref StunMessageWriter writer) => writer.AddReservationToken(token));
        Assert.Equal(even.Port + 1, odd.Port);
        await second.PermitAsync((IPEndPoint)peer.LocalEndPoint!);
        await peer.SendToAsync(new byte[] { 2 }, odd);

        // What came before it was claimed is gone.
        Assert.Equal([2], (await second.ReadDataAsync()).Data);
    }

    // All sockets are made before the first wait, on the thread that is in the namespace, or by threads that it starts.
    private static async Task AskForTooBigAsync()
    {
        Task<TurnServerHost> starting = TurnHosts.StartAsync(StunTransport.Udp, change: WithLinuxCalls);
        Assert.True(starting.IsCompletedSuccessfully);
        await using TurnServerHost host = await starting;
        using RawTurnClient client = RawTurnClient.Udp(host.At(StunTransport.Udp));
        using Socket peer = RawClient.Udp();
        var peerAddress = (IPEndPoint)peer.LocalEndPoint!;
        await client.AllocateAsync();
        await client.PermitAsync(peerAddress);

        await client.SendToAsync(peerAddress, new byte[3000], dontFragment: true);
        Assert.Equal((peerAddress, new IcmpError(3, 4, 1400)), ReadIcmp(await client.ReadAsync()));
        await client.SendToAsync(peerAddress, new byte[3000]);

        Assert.Equal(3000, (await RawClient.ReceiveAsync(peer)).Bytes.Length);
    }

    private static ReservationToken Token(byte[] response)
    {
        StunMessage.Decode(response, out StunMessage message);
        Assert.Equal(StunAttributeStatus.Present, message.ReadReservationToken(out ReservationToken token));
        return token;
    }

    private static (IPEndPoint Peer, IcmpError Error) ReadIcmp(byte[] bytes)
    {
        StunMessage.Decode(bytes, out StunMessage message);
        message.ReadXorPeerAddress(out TransportAddress peer);
        Assert.Equal(StunAttributeStatus.Present, message.ReadIcmp(out IcmpError error));
        return (peer.ToIPEndPoint(), error);
    }

    // The portable sockets know neither the byte of the IP header nor ICMP errors.
    private static TurnServerHostOptions WithLinuxCalls(TurnServerHostOptions options) => options with { UsesPortableSockets = false };
}
