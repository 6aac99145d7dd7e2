using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.TestKit;
using Stack.Turn;
using Xunit;

namespace Stack.Transport.Tests;

/// <summary>Relaying to peers over TCP (RFC 6062).</summary>
public sealed class TcpRelayTests
{
    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData(StunTransport.Tcp, 1)]
    [InlineData(StunTransport.Tls, 1)]
    [InlineData(StunTransport.Tcp, 3)]
    public async Task Connect_PeerThatListens_IsJoined(StunTransport transport, int shards)
    {
        await using TurnServerHost host = await TurnHosts.StartAsync(transport, change: o => o with { Shards = shards });
        using RawTurnClient control = await RawTurnClient.ConnectAsync(host, transport);
        using Socket listener = Listen();
        IPEndPoint relayed = await control.AllocateAsync(RelayProtocol.Tcp);
        ConnectionId id = Id(await ConnectAsync(control, listener));
        using Socket peer = await listener.AcceptAsync();
        Assert.Equal(relayed, peer.RemoteEndPoint);

        // Bytes in both directions before anything is joined: neither is lost.
        await peer.SendAsync(new byte[] { 1, 2 });
        using RawTurnClient data = await RawTurnClient.ConnectAsync(host, transport);
        await data.ChallengeAsync(StunMethod.ConnectionBind, Bind(id));
        byte[] request = data.Request(StunMethod.ConnectionBind, Bind(id));
        await data.SendAsync((byte[])[.. request, 8, 9]);
        RawTurnClient.Success(await data.AnswerAsync(request));

        await AssertReadsAsync(data.Stream!, [1, 2]);
        await AssertReadsAsync(new NetworkStream(peer), [8, 9]);
        await CarryAsync(data.Stream!, new NetworkStream(peer), 300_000);
        await CarryAsync(new NetworkStream(peer), data.Stream!, 300_000);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Accept_PeerWithPermission_IsAnnouncedAndJoined()
    {
        await using TurnServerHost host = await TurnHosts.StartAsync(StunTransport.Tcp, change: static o => o with { Shards = 2 });
        using RawTurnClient control = await RawTurnClient.TcpAsync(host.At(StunTransport.Tcp));
        IPEndPoint relayed = await control.AllocateAsync(RelayProtocol.Tcp);
        await control.PermitAsync(new IPEndPoint(IPAddress.Loopback, 0));
        using Socket peer = await RawClient.TcpAsync(relayed);
        await peer.SendAsync(new byte[] { 1, 2, 3 });

        (ConnectionId id, IPEndPoint who) = Attempt(await control.ReadAsync());
        Assert.Equal(peer.LocalEndPoint, who);
        using RawTurnClient data = await BindAsync(host, id);

        await AssertReadsAsync(data.Stream!, [1, 2, 3]);
        await data.SendAsync(new byte[] { 4 });
        await AssertReadsAsync(new NetworkStream(peer), [4]);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Accept_PeerWithoutPermission_IsClosedAtOnce()
    {
        await using TurnServerHost host = await TurnHosts.StartAsync(StunTransport.Tcp);
        using RawTurnClient control = await RawTurnClient.TcpAsync(host.At(StunTransport.Tcp));
        IPEndPoint relayed = await control.AllocateAsync(RelayProtocol.Tcp);

        using Socket stranger = await RawClient.TcpAsync(relayed);
        Assert.True(await RawClient.IsClosedAsync(stranger));

        // It has not harmed the others.
        await control.PermitAsync(new IPEndPoint(IPAddress.Loopback, 0));
        using Socket peer = await RawClient.TcpAsync(relayed);
        Assert.Equal(peer.LocalEndPoint, Attempt(await control.ReadAsync()).Peer);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Connect_NobodyListens_Is447()
    {
        await using TurnServerHost host = await TurnHosts.StartAsync(StunTransport.Tcp);
        using RawTurnClient control = await RawTurnClient.TcpAsync(host.At(StunTransport.Tcp));
        await control.AllocateAsync(RelayProtocol.Tcp);
        using var closed = new DeadPort(ProtocolType.Tcp);

        byte[] response = await control.AskAsync(
            StunMethod.Connect,
            (ref StunMessageWriter writer) => writer.AddXorPeerAddress(TransportAddress.FromIPEndPoint(closed.EndPoint)));

        Assert.Equal(StunErrorCode.ConnectionTimeoutOrFailure, RawTurnClient.Error(response));
    }

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Join_OneEndCloses_WhatItSentArrivesAndTheOtherIsClosed(bool clientCloses)
    {
        await using TurnServerHost host = await TurnHosts.StartAsync(StunTransport.Tcp);
        using RawTurnClient control = await RawTurnClient.TcpAsync(host.At(StunTransport.Tcp));
        using Socket listener = Listen();
        await control.AllocateAsync(RelayProtocol.Tcp);
        ConnectionId id = Id(await ConnectAsync(control, listener));
        using Socket peer = await listener.AcceptAsync();
        using RawTurnClient data = await BindAsync(host, id);
        (Socket closing, Socket other) = clientCloses ? (data.Socket, peer) : (peer, data.Socket);

        await closing.SendAsync(new byte[1000]);
        closing.Shutdown(SocketShutdown.Send);
        await AssertReadsAsync(new NetworkStream(other), new byte[1000]);
        Assert.True(await RawClient.IsClosedAsync(other));
        other.Shutdown(SocketShutdown.Send);

        Assert.True(await RawClient.IsClosedAsync(closing));

        // The peer can be connected to again, so that nothing of it is left.
        Assert.NotEqual(id, Id(await ConnectAsync(control, listener, otherPort: true)));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Join_AllocationDeleted_BothEndsAreClosed()
    {
        await using TurnServerHost host = await TurnHosts.StartAsync(StunTransport.Tcp);
        using RawTurnClient control = await RawTurnClient.TcpAsync(host.At(StunTransport.Tcp));
        using Socket listener = Listen();
        await control.AllocateAsync(RelayProtocol.Tcp);
        ConnectionId id = Id(await ConnectAsync(control, listener));
        using Socket peer = await listener.AcceptAsync();
        using RawTurnClient data = await BindAsync(host, id);

        await control.DeleteAsync();

        Assert.True(await RawClient.IsClosedAsync(peer));
        Assert.True(await RawClient.IsClosedAsync(data.Socket));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Accept_NobodyBindsIn30Seconds_ThePeerIsClosed()
    {
        var time = new ManualTimeProvider();
        await using TurnServerHost host = await TurnHosts.StartAsync(StunTransport.Tcp, change: o => o with { TimeProvider = time });
        using RawTurnClient control = await RawTurnClient.TcpAsync(host.At(StunTransport.Tcp));
        IPEndPoint relayed = await control.AllocateAsync(RelayProtocol.Tcp);
        await control.PermitAsync(new IPEndPoint(IPAddress.Loopback, 0));
        using Socket peer = await RawClient.TcpAsync(relayed);
        await control.ReadAsync();
        await time.WaitForTimerAsync(TimeSpan.FromSeconds(30));

        time.Advance(TimeSpan.FromSeconds(30));

        Assert.True(await RawClient.IsClosedAsync(peer));
    }

    private static Socket Listen()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen(4);
        return socket;
    }

    private static async Task<byte[]> ConnectAsync(RawTurnClient control, Socket listener, bool otherPort = false)
    {
        using Socket? other = otherPort ? Listen() : null;
        var peer = (IPEndPoint)(other ?? listener).LocalEndPoint!;
        return await control.AskAsync(
            StunMethod.Connect,
            (ref StunMessageWriter writer) => writer.AddXorPeerAddress(TransportAddress.FromIPEndPoint(peer)));
    }

    private static StunAttributeWriter Bind(ConnectionId id) => (ref StunMessageWriter writer) => writer.AddConnectionId(id);

    private static async Task<RawTurnClient> BindAsync(TurnServerHost host, ConnectionId id)
    {
        RawTurnClient data = await RawTurnClient.TcpAsync(host.At(StunTransport.Tcp));
        RawTurnClient.Success(await data.AskAsync(StunMethod.ConnectionBind, Bind(id)));
        return data;
    }

    private static ConnectionId Id(byte[] response)
    {
        RawTurnClient.Success(response);
        StunMessage.Decode(response, out StunMessage message);
        Assert.Equal(StunAttributeStatus.Present, message.ReadConnectionId(out ConnectionId id));
        return id;
    }

    private static (ConnectionId Id, IPEndPoint Peer) Attempt(byte[] bytes)
    {
        StunMessage.Decode(bytes, out StunMessage message);
        Assert.Equal(StunMethod.ConnectionAttempt, message.Method);
        message.ReadConnectionId(out ConnectionId id);
        message.ReadXorPeerAddress(out TransportAddress peer);
        return (id, peer.ToIPEndPoint());
    }

    private static async Task AssertReadsAsync(Stream stream, byte[] expected)
    {
        byte[] read = new byte[expected.Length];
        await stream.ReadExactlyAsync(read);
        Assert.Equal(expected, read);
    }

    private static async Task CarryAsync(Stream from, Stream to, int length)
    {
        byte[] sent = RandomNumberGenerator.GetBytes(length);
        byte[] received = new byte[length];
        await Task.WhenAll(from.WriteAsync(sent).AsTask(), to.ReadExactlyAsync(received).AsTask());
        Assert.True(sent.AsSpan().SequenceEqual(received));
    }
}
