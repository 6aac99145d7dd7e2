using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.TestKit;
using Stack.Transport;
using Stack.Turn;
using Xunit;

namespace Stack.Interop.Tests;

/// <summary>Our TURN client against coturn.</summary>
public sealed class TurnClientCoturnTests
{
    private const int Patience = 240_000;
    private static readonly LongTermCredential Credential = new("u", "p");

    [RequiresTheory(Requirement.Coturn, Timeout = Patience)]
    [InlineData(StunTransport.Udp, false)]
    [InlineData(StunTransport.Udp, true)]
    [InlineData(StunTransport.Tcp, false)]
    [InlineData(StunTransport.Tcp, true)]
    [InlineData(StunTransport.Tls, false)]
    [InlineData(StunTransport.Tls, true)]
    public async Task Relay_OverEachTransport_CarriesData(StunTransport transport, bool channel)
    {
        await using CoturnServer server = await CoturnServer.StartAsync(CoturnOptions.Relay);
        TurnClient turn = Client(server, transport);
        var options = new TurnAllocationOptions { BindsChannels = false };
        await using TurnAllocation left = await turn.AllocateAsync(options);
        await using TurnAllocation right = await turn.AllocateAsync(options);
        Assert.Equal((transport, TimeSpan.FromSeconds(600)), (left.Transport, left.Lifetime));
        Assert.Equal(left.Local, left.Mapped);

        await left.PermitAsync(right.Relayed);
        await right.PermitAsync(left.Relayed);
        if (channel)
        {
            await left.BindChannelAsync(right.Relayed);
            await right.BindChannelAsync(left.Relayed);
        }

        byte[] buffer = new byte[2000];
        foreach (int length in (int[])[1, 2, 3, 4, 172, 1200])
        {
            byte[] payload = [.. Enumerable.Range(0, length).Select(static i => (byte)i)];
            await left.SendAsync(payload, right.Relayed);
            TurnDatagram there = await right.ReceiveAsync(buffer);
            Assert.Equal((left.Relayed, length, false), (there.Peer.ToIPEndPoint(), there.Length, there.IsTruncated));
            Assert.Equal(payload, buffer[..length]);
            await right.SendAsync(buffer.AsMemory(0, length), left.Relayed);
            TurnDatagram back = await left.ReceiveAsync(buffer);
            Assert.Equal((right.Relayed, length), (back.Peer.ToIPEndPoint(), back.Length));
        }
    }

    [RequiresFact(Requirement.Coturn, Timeout = Patience)]
    public async Task Relay_ToAPlainSocket_BindsAChannelWhenItPays()
    {
        await using CoturnServer server = await CoturnServer.StartAsync(CoturnOptions.Relay);
        using var peer = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        peer.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var endPoint = (IPEndPoint)peer.LocalEndPoint!;
        using var bound = new SemaphoreSlim(0);
        TurnClient turn = new(
            StunServerReference.Parse(server.EndPoint.ToString()),
            Credential,
            new TurnClientOptions { Transport = StunTransport.Udp, Trace = trace => NoteChannelData(trace, bound) });
        await using TurnAllocation relay = await turn.AllocateAsync();
        await relay.PermitAsync(endPoint);
        byte[] buffer = new byte[100];
        while (bound.CurrentCount == 0)
        {
            await relay.SendAsync(new byte[] { 1, 2, 3 }, endPoint);
            SocketReceiveFromResult heard = await peer.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0));
            Assert.Equal((relay.Relayed, 3), ((IPEndPoint)heard.RemoteEndPoint, heard.ReceivedBytes));
        }
    }

    [RequiresTheory(Requirement.Coturn, Timeout = Patience)]
    [InlineData(StunTransport.Udp)]
    [InlineData(StunTransport.Tls)]
    public async Task Allocate_WrongPassword_IsAuthenticationFailed(StunTransport transport)
    {
        await using CoturnServer server = await CoturnServer.StartAsync(CoturnOptions.Relay);
        TurnClient turn = Client(server, transport, new LongTermCredential("u", "wrong"));
        TurnException error = await Assert.ThrowsAsync<TurnException>(() => turn.AllocateAsync());
        Assert.Equal((TurnFailure.AuthenticationFailed, StunErrorCode.Unauthenticated), (error.Failure, error.ErrorCode));
    }

    [RequiresFact(Requirement.Coturn, Timeout = Patience)]
    public async Task Allocate_EvenPortWithReservation_IsFollowedByItsNeighbour()
    {
        await using CoturnServer server = await CoturnServer.StartAsync(CoturnOptions.Relay);
        TurnClient turn = Client(server, StunTransport.Udp);
        await using TurnAllocation rtp = await turn.AllocateAsync(new TurnAllocationOptions { EvenPort = EvenPortRequest.EvenAndReserveNext });
        Assert.Equal(0, rtp.Relayed.Port % 2);
        await using TurnAllocation rtcp = await turn.AllocateAsync(new TurnAllocationOptions { ReservationToken = rtp.Grant.ReservationToken });
        Assert.Equal(rtp.Relayed.Port + 1, rtcp.Relayed.Port);
    }

    [RequiresFact(Requirement.Coturn, Timeout = Patience)]
    public async Task Allocate_DontFragment_IsUsable()
    {
        await using CoturnServer server = await CoturnServer.StartAsync(CoturnOptions.Relay);
        TurnClient turn = Client(server, StunTransport.Udp);
        await using TurnAllocation left = await turn.AllocateAsync(new TurnAllocationOptions { DontFragment = true });
        await using TurnAllocation right = await turn.AllocateAsync();
        await left.PermitAsync(right.Relayed);
        await right.PermitAsync(left.Relayed);
        await left.SendAsync(new byte[500], TransportAddress.FromIPEndPoint(right.Relayed), SendForm.IndicationWithoutFragments);
        Assert.Equal(500, (await right.ReceiveAsync(new byte[600])).Length);
    }

    [RequiresFact(Requirement.Coturn, Timeout = Patience)]
    public async Task Allocate_EachFamily_ReachesItsPeers()
    {
        await using CoturnServer server = await CoturnServer.StartAsync(CoturnOptions.Relay with { Lines = [.. CoturnOptions.Relay.Lines, "relay-ip=127.0.0.1", "relay-ip=::1"] });
        TurnClient turn = Client(server, StunTransport.Udp);
        await using TurnAllocation left = await turn.AllocateAsync(new TurnAllocationOptions { Family = StunAddressFamily.IPv6 });
        await using TurnAllocation right = await turn.AllocateAsync(new TurnAllocationOptions { Family = StunAddressFamily.IPv6 });
        Assert.Equal(AddressFamily.InterNetworkV6, left.Relayed.AddressFamily);
        await left.PermitAsync(right.Relayed);
        await right.PermitAsync(left.Relayed);
        await left.SendAsync(new byte[] { 6 }, right.Relayed);
        Assert.Equal(left.Relayed, (await right.ReceiveAsync(new byte[10])).Peer.ToIPEndPoint());
        await Assert.ThrowsAsync<ArgumentException>(() => left.PermitAsync(new IPEndPoint(IPAddress.Loopback, 1)));

        // 4.6.1 leaves ADDITIONAL-ADDRESS-FAMILY aside, as a server may that does not know it: what there is is used.
        await using TurnAllocation dual = await turn.AllocateAsync(new TurnAllocationOptions { Dual = true });
        Assert.Equal(AddressFamily.InterNetwork, dual.Relayed.AddressFamily);
        await dual.PermitAsync(new IPEndPoint(IPAddress.Loopback, 1));
    }

    [RequiresFact(Requirement.Coturn, Timeout = Patience)]
    public async Task Permit_ForbiddenPeer_IsForbidden()
    {
        await using CoturnServer server = await CoturnServer.StartAsync(CoturnOptions.Relay with { Lines = [.. CoturnOptions.Relay.Lines, "denied-peer-ip=10.0.0.0-10.255.255.255"] });
        TurnClient turn = Client(server, StunTransport.Udp);
        await using TurnAllocation relay = await turn.AllocateAsync();
        TurnException error = await Assert.ThrowsAsync<TurnException>(() => relay.PermitAsync(new IPEndPoint(IPAddress.Parse("10.1.2.3"), 1)));
        Assert.Equal(TurnFailure.Forbidden, error.Failure);
    }

    [RequiresTheory(Requirement.Coturn, Timeout = Patience)]
    [InlineData(StunTransport.Tcp)]
    [InlineData(StunTransport.Tls)]
    public async Task TcpRelay_ConnectAndAccept_CarryStreams(StunTransport transport)
    {
        await using CoturnServer server = await CoturnServer.StartAsync(CoturnOptions.Relay);
        TurnClient turn = Client(server, transport);
        var options = new TurnAllocationOptions { Protocol = RelayProtocol.Tcp };
        await using TurnAllocation relay = await turn.AllocateAsync(options);

        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var peer = (IPEndPoint)listener.LocalEndpoint;
        await relay.PermitAsync(peer);
        Task<TcpClient> accepting = listener.AcceptTcpClientAsync();
        await using Stream outgoing = await relay.ConnectAsync(peer);
        using TcpClient accepted = await accepting;
        await ExchangeAsync(outgoing, accepted.GetStream());

        using var caller = new TcpClient(AddressFamily.InterNetwork);
        Task<TurnPeerConnection> attempt = relay.AcceptAsync();
        await caller.ConnectAsync(relay.Relayed);
        await using TurnPeerConnection incoming = await attempt;
        Assert.Equal(caller.Client.LocalEndPoint, incoming.Peer);
        await ExchangeAsync(incoming.Stream, caller.GetStream());
    }

    [RequiresFact(Requirement.Coturn, Timeout = Patience)]
    public async Task TcpRelay_ConnectToADeadPort_SaysSo()
    {
        await using CoturnServer server = await CoturnServer.StartAsync(CoturnOptions.Relay);
        TurnClient turn = Client(server, StunTransport.Tcp);
        await using TurnAllocation relay = await turn.AllocateAsync(new TurnAllocationOptions { Protocol = RelayProtocol.Tcp });
        var dead = new IPEndPoint(IPAddress.Loopback, LoopbackPorts.Take([IPAddress.Loopback], 1));
        await relay.PermitAsync(dead);
        TurnException error = await Assert.ThrowsAsync<TurnException>(() => relay.ConnectAsync(dead));
        Assert.Equal((TurnFailure.PeerUnreachable, StunErrorCode.ConnectionTimeoutOrFailure), (error.Failure, error.ErrorCode));
    }

    [RequiresFact(Requirement.Coturn, Timeout = Patience)]
    public async Task Dispose_GivesTheAllocationBack()
    {
        await using CoturnServer server = await CoturnServer.StartAsync(CoturnOptions.Relay with { Lines = [.. CoturnOptions.Relay.Lines, "user-quota=1"] });
        TurnClient turn = Client(server, StunTransport.Udp);
        TurnAllocation first = await turn.AllocateAsync();
        TurnException error = await Assert.ThrowsAsync<TurnException>(() => turn.AllocateAsync());
        Assert.Equal((TurnFailure.QuotaReached, StunErrorCode.AllocationQuotaReached), (error.Failure, error.ErrorCode));

        await first.DisposeAsync();
        TurnAllocation? second = null;
        while (second is null)
        {
            try
            {
                // Another client, since this one leaves the server alone for a minute.
                second = await Client(server, StunTransport.Udp).AllocateAsync();
            }
            catch (TurnException refused) when (refused.Failure == TurnFailure.QuotaReached)
            {
                // The server counts down when it gets to it.
            }
        }

        await second.DisposeAsync();
    }

    private static TurnClient Client(CoturnServer server, StunTransport transport, LongTermCredential? credential = null)
    {
        var endPoint = new IPEndPoint(server.Addresses[0], transport == StunTransport.Tls ? server.TlsPort : server.Port);
        var roots = new X509Certificate2Collection();
        roots.ImportFromPemFile(server.AuthorityFile);
        return new TurnClient(
            StunServerReference.Parse(endPoint.ToString()),
            credential ?? Credential,
            new TurnClientOptions { Transport = transport, Tls = new StunTlsOptions { CustomRoots = roots } });
    }

    private static async Task ExchangeAsync(Stream left, Stream right)
    {
        byte[] buffer = new byte[5];
        await left.WriteAsync("hello"u8.ToArray());
        await right.ReadExactlyAsync(buffer);
        Assert.Equal("hello"u8.ToArray(), buffer);
        await right.WriteAsync("world"u8.ToArray());
        await left.ReadExactlyAsync(buffer);
        Assert.Equal("world"u8.ToArray(), buffer);
    }

    private static void NoteChannelData(StunTrace trace, SemaphoreSlim bound)
    {
        if (trace.IsSent && StunDemultiplexer.Classify(trace.Message.Span) == StunPacketKind.ChannelData)
        {
            bound.Release();
        }
    }
}
