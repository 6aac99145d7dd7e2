using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.Turn;

namespace Stack.Transport;

/// <summary>The connections between the TCP relays of one loop and their peers (RFC 6062).</summary>
internal sealed class ShardPeers(RelayShard shard)
{
    private readonly Dictionary<ConnectionId, PeerConnection> _peers = [];

    /// <summary>What accepts and connects.</summary>
    public RunningTasks Tasks { get; } = new();

    public void Execute(in TurnServerCommand command)
    {
        switch (command.Kind)
        {
            case TurnServerCommandKind.Connect:
                Connect(command);
                break;
            case TurnServerCommandKind.Join:
                Join(command);
                break;
            case TurnServerCommandKind.CloseConnection:
                if (_peers.Remove(command.Connection, out PeerConnection? peer))
                {
                    Close(peer);
                }

                break;
        }
    }

    /// <summary>Takes a connection that a peer has made.</summary>
    public void Accept(TcpRelay relay, Socket socket)
    {
        bool accepted = false;
        try
        {
            if (!relay.IsClosed
                && shard.Relays.FindTcp(relay.Id) == relay
                && socket.RemoteEndPoint is IPEndPoint remote
                && shard.Server.TryAcceptPeer(
                    relay.Id,
                    new PeerAddress(TransportAddress.FromIPEndPoint(remote)),
                    shard.Now,
                    out ConnectionId id))
            {
                socket.NoDelay = true;
                _peers[id] = new PeerConnection(id, relay.Id, socket);
                accepted = true;
            }
        }
        catch (SocketException)
        {
            // It was gone before anybody could look at it.
        }
        finally
        {
            if (!accepted)
            {
                socket.Dispose();
            }
        }

        shard.Pump();
    }

    /// <summary>The peer's end, or the joined client's: both are closed.</summary>
    public void End(PeerConnection peer)
    {
        if (Forget(peer))
        {
            Close(peer);
            shard.Server.HandlePeerClosed(peer.Id, shard.Now);
            shard.Pump();
        }
    }

    /// <summary>Closes all connections of a relay.</summary>
    public void Close(RelayId relay)
    {
        foreach (PeerConnection peer in _peers.Values.Where(peer => peer.Relay == relay).ToArray())
        {
            _peers.Remove(peer.Id);
            Close(peer);
        }
    }

    public void Close()
    {
        foreach (PeerConnection peer in _peers.Values)
        {
            Close(peer);
        }

        _peers.Clear();
    }

    public Task StopAsync() => Tasks.WaitAsync();

    private static void Close(PeerConnection peer)
    {
        peer.Dispose();
        peer.Client?.End("peer-closed");
    }

    private bool Forget(PeerConnection peer)
        => _peers.TryGetValue(peer.Id, out PeerConnection? known) && known == peer && _peers.Remove(peer.Id);

    private void Connect(in TurnServerCommand command)
    {
        Socket socket;
        try
        {
            TransportAddress local = shard.Relays.FindTcp(command.Relay)?.Local ?? default;
            socket = local.IsNone ? throw new SocketException((int)SocketError.AddressNotAvailable) : RelaySockets.BindBeside(local);
        }
        catch (SocketException)
        {
            shard.Server.HandlePeerConnectFailed(command.Connection, shard.Now);
            return;
        }

        var peer = new PeerConnection(command.Connection, command.Relay, socket);
        _peers[peer.Id] = peer;
        IPEndPoint remote = command.Peer.Value.ToIPEndPoint();
        Tasks.Add(Task.Run(() => ConnectAsync(peer, remote)));
    }

    private async Task ConnectAsync(PeerConnection peer, IPEndPoint remote)
    {
        bool connected = false;
        try
        {
            await peer.Socket.ConnectAsync(remote, peer.Ending).ConfigureAwait(false);
            peer.Socket.NoDelay = true;
            connected = true;
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The state machine is told below.
        }

        shard.Post(new ShardCall(_ => HandleConnect(peer, connected), peer.Dispose));
    }

    private void HandleConnect(PeerConnection peer, bool connected)
    {
        if (!_peers.TryGetValue(peer.Id, out PeerConnection? known) || known != peer)
        {
            peer.Dispose();
            return;
        }

        if (!connected)
        {
            Forget(peer);
            peer.Dispose();
            shard.Server.HandlePeerConnectFailed(peer.Id, shard.Now);
        }
        else if (!shard.Server.HandlePeerConnected(peer.Id, shard.Now))
        {
            Forget(peer);
            peer.Dispose();
        }

        shard.Pump();
    }

    private void Join(in TurnServerCommand command)
    {
        if (!_peers.TryGetValue(command.Connection, out PeerConnection? peer) || shard.Clients.FindConnection(command.Path) is not { } client)
        {
            if (peer is not null)
            {
                Forget(peer);
                Close(peer);
            }

            shard.Server.HandlePeerClosed(command.Connection, shard.Now);
            return;
        }

        peer.Client = client;
        client.Joined = peer;
    }
}
