using System;
using System.Collections.Generic;
using Stack.Stun;
using Stack.Turn;

namespace Stack.Simulation;

/// <summary>The stack's TURN server on a host, over UDP and TCP, relaying UDP; it is a STUN server too.</summary>
public sealed partial class VirtualTurnServer : IDisposable
{
    private static readonly DateTimeOffset StartedAt = DateTimeOffset.UnixEpoch.AddYears(60);

    private readonly VirtualHost _host;
    private readonly TurnServer _server;
    private readonly StaticCredentialSource _users;
    private readonly VirtualTimer _timer;
    private readonly Dictionary<TransportAddress, VirtualSocket> _sockets = [];
    private readonly Dictionary<FiveTuple, VirtualConnection> _connections = [];
    private readonly List<VirtualListener> _listeners = [];
    private readonly RelaySockets _relays;
    private readonly byte[] _reply = new byte[4096];
    private byte[] _fromPeer = new byte[2048];

    /// <summary>Starts to serve.</summary>
    /// <param name="host">The host.</param>
    /// <param name="options">What is served.</param>
    /// <exception cref="ArgumentException">An endpoint is not on the host, or an option is out of range.</exception>
    public VirtualTurnServer(VirtualHost host, VirtualTurnServerOptions options)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(options);
        _host = host;
        _relays = new RelaySockets(this);
        _timer = host.CreateTimer(() =>
        {
            _server!.HandleTimeout(_host.Now);
            Drain();
        });
        var users = new List<StaticUser>();
        foreach ((string name, string password) in options.Users)
        {
            users.Add(StaticUser.FromPassword(name, password));
        }

        _users = new StaticCredentialSource(options.Realm, users);
        Span<byte> nonceKey = stackalloc byte[32];
        host.Random.GetBytes(nonceKey);
        _server = new TurnServer(
            ServerOptions(options), new TurnServerResources(options.Limits, null, nonceKey, StartedAt, host.Random), _users, _relays, host.Random);
        foreach (TransportAddress local in options.Udp)
        {
            VirtualSocket socket = host.BindUdp(local);
            socket.Received = HandleDatagram;
            _sockets.Add(socket.Local, socket);
        }

        foreach (TransportAddress local in options.Tcp)
        {
            VirtualListener listener = host.Listen(local);
            listener.Accepted = Accept;
            _listeners.Add(listener);
        }
    }

    /// <summary>How many allocations live.</summary>
    public int AllocationCount => _server.AllocationCount;

    /// <summary>How many datagrams were relayed, both ways.</summary>
    public long Relayed { get; private set; }

    /// <summary>Whether anything is answered and relayed; by default it is.</summary>
    public bool IsAnswering { get; set; } = true;

    /// <summary>Closes everything at once; nobody is told but the TCP clients.</summary>
    public void Dispose()
    {
        _server.Stop(_host.Now);
        _timer.Dispose();
        _relays.CloseAll();
        foreach (VirtualSocket socket in _sockets.Values)
        {
            socket.Dispose();
        }

        _listeners.ForEach(static listener => listener.Dispose());
        foreach (VirtualConnection connection in new List<VirtualConnection>(_connections.Values))
        {
            connection.Abort();
        }

        _server.Dispose();
        _users.Dispose();
    }

    private static TurnServerOptions ServerOptions(VirtualTurnServerOptions options)
    {
        var endpoints = new List<TransportAddress>(options.Udp);
        endpoints.AddRange(options.Tcp);
        var relays = new List<TransportAddress>();
        foreach (TransportAddress relay in options.Relays.Count == 0 ? endpoints : options.Relays)
        {
            if (!relays.Contains(relay.WithPort(0)))
            {
                relays.Add(relay.WithPort(0));
            }
        }

        return new TurnServerOptions
        {
            Realm = options.Realm,
            RelayAddresses = relays.ConvertAll(static relay => new RelayAddress(relay)),
            Peers = options.Peers ?? new PeerAddressPolicy(new PeerAddressRules
            {
                Allow = DocumentationNetworks,
                OwnEndPoints = endpoints,
                RelayAddresses = relays,
            }),
            Limits = options.Limits,
            RelaysTcp = false,
            Binding = new BindingServerOptions { RateLimit = null },
        };
    }

    private void HandleDatagram(VirtualSocket socket, TransportAddress source, ReadOnlySpan<byte> payload)
        => HandleMessage(payload, new FiveTuple(new ClientAddress(source), socket.Local, StunTransport.Udp));

    private void HandleMessage(ReadOnlySpan<byte> message, in FiveTuple path)
    {
        if (!IsAnswering)
        {
            return;
        }

        Span<byte> reply = message.Length <= _reply.Length ? _reply : new byte[message.Length];
        TurnServerStep step = _server.HandleClientMessage(message, path, reply, _host.Now);
        switch (step.Action)
        {
            case TurnServerAction.Reply:
                SendToClient(path, reply[..step.Reply.Length]);
                break;
            case TurnServerAction.Forward:
                Relayed++;
                RelayForward forward = step.Forward;
                _relays.Send(forward.Relay, forward.Peer.Value, message.Slice(forward.Offset, forward.Length), forward.DontFragment);
                break;
        }

        Drain();
    }

    private void HandlePeerDatagram(RelayId relay, TransportAddress peer, ReadOnlySpan<byte> payload)
    {
        if (!IsAnswering)
        {
            return;
        }

        int needed = TurnServer.Headroom + payload.Length + TurnServer.Tailroom;
        _fromPeer = _fromPeer.Length < needed ? new byte[needed] : _fromPeer;
        payload.CopyTo(_fromPeer.AsSpan(TurnServer.Headroom));
        TurnServerDisposition disposition = _server.HandlePeerDatagram(
            relay, new PeerAddress(peer), _fromPeer, TurnServer.Headroom, payload.Length, _host.Now, out ClientForward forward);
        if (disposition == TurnServerDisposition.Relayed)
        {
            Relayed++;
            SendToClient(forward.Path, _fromPeer.AsSpan(forward.Offset, forward.Length));
        }

        Drain();
    }

    private void HandlePeerError(RelayId relay, TransportAddress peer, UnreachableReason reason)
    {
        var error = IcmpErrorOf(reason, peer.Family);
        if (_server.HandleIcmp(relay, new PeerAddress(peer), error, _reply, _host.Now, out ClientForward forward) == TurnServerDisposition.Relayed)
        {
            SendToClient(forward.Path, _reply.AsSpan(forward.Offset, forward.Length));
        }

        Drain();
    }

    private void Accept(VirtualConnection connection)
    {
        var path = new FiveTuple(new ClientAddress(connection.Remote), connection.Local, StunTransport.Tcp);
        _connections[path] = connection;
        var buffer = new FrameBuffer();
        var framer = new StunStreamFramer(65_552, allowChannelData: true);
        connection.Ended = (_, _) => Forget(path);
        connection.Received = (_, bytes) =>
        {
            buffer.Append(bytes);
            while (framer.Read(buffer.Unread, out System.Buffers.ReadOnlySequence<byte> frame, out int consumed, out int _) is var status)
            {
                if (status != StunFrameStatus.Frame)
                {
                    if (status != StunFrameStatus.NeedMore)
                    {
                        connection.Abort();
                        Forget(path);
                    }

                    return;
                }

                HandleMessage(frame.FirstSpan, path);
                buffer.Consume(consumed);
            }
        };
    }

    private void Forget(in FiveTuple path)
    {
        if (_connections.Remove(path))
        {
            _server.HandleClientClosed(path, _host.Now);
            Drain();
        }
    }

    private void SendToClient(in FiveTuple path, ReadOnlySpan<byte> message)
    {
        if (path.Transport == StunTransport.Udp)
        {
            _sockets[path.Server].Send(path.Client.Value, message);
        }
        else if (_connections.TryGetValue(path, out VirtualConnection? connection))
        {
            connection.Send(message);
        }
    }

    private void Drain()
    {
        while (_server.TryReadCommand(out _))
        {
            // Commands are about TCP to peers, which is not served.
        }

        while (_server.TryReadTransmit(_reply, out ClientTransmit transmit))
        {
            SendToClient(transmit.Path, _reply.AsSpan(0, transmit.Length));
        }

        while (_server.TryReadEvent(out _))
        {
            // The counters say enough.
        }

        _timer.Due = _server.NextTimeout;
    }
}
