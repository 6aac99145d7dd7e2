using System;
using System.Collections.Generic;
using System.Linq;
using Stack.Stun;

namespace Stack.Signaling;

public sealed partial class SignalingCore
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);

    private readonly Dictionary<ConnectionId, Connection> _connections = [];
    private readonly Dictionary<(StunAddressFamily Family, UInt128 Bits), AddressUse> _addresses = [];
    private readonly HashSet<(string Session, string Name)> _villasNames = [];
    private long _lastConnection;
    private Instant? _swept;
    private bool _isEnding;

    /// <summary>A socket wants to be opened. Costs no exception, whatever the path is.</summary>
    /// <param name="request">Who asks, and for what.</param>
    /// <param name="now">The time.</param>
    /// <param name="connection">The connection; it is open from now until <see cref="HandleClosed"/>.</param>
    /// <returns>Null where the socket is to be opened.</returns>
    public SignalingRefusal? Connect(in ConnectRequest request, Instant now, out ConnectionId connection)
    {
        connection = default;
        if (_isEnding || _connections.Count >= _limits.MaxConnections || UseOf(request.Remote, now) is not { } address)
        {
            return SignalingRefusal.TooManyConnections;
        }

        if (!address.Connects.TryTake(1, now))
        {
            return SignalingRefusal.TooFast;
        }

        if (address.Open >= _limits.MaxConnectionsPerAddress)
        {
            return SignalingRefusal.TooManyFromAddress;
        }

        if (SignalingRoute.Read(request.Path ?? "", request.Query ?? "") is not { } route)
        {
            return SignalingRefusal.UnknownPath;
        }

        if (IsNameTaken(route))
        {
            return SignalingRefusal.NameTaken;
        }

        address.Open++;
        connection = new ConnectionId(++_lastConnection);
        var opened = new Connection(connection, route, request, address, new RateBucket(_limits.MessagesPerSecond, _limits.MessageBurst, now)) { LastHeard = now };
        _connections.Add(connection, opened);
        if (route is { Dialect: SignalingDialect.Villas, Name: { } name })
        {
            opened.HoldsName = _villasNames.Add((route.Session, name));
        }

        PortOf(route.Dialect).HandleOpened(opened, now);
        Settle(now);
        return null;
    }

    /// <summary>A message was written to a socket: the one handed out first of those that were not yet.</summary>
    /// <param name="connection">The socket.</param>
    public void HandleSent(ConnectionId connection)
    {
        if (_connections.TryGetValue(connection, out Connection? known) && known.Unsent.TryDequeue(out byte[]? payload))
        {
            known.UnsentBytes -= payload.Length;
        }
    }

    /// <summary>A socket is closed, by whomever. To be called once for each accepted connection.</summary>
    /// <param name="connection">The socket.</param>
    /// <param name="code">The code that the peer closed it with; 0 where it did not say or the connection broke.</param>
    /// <param name="now">The time.</param>
    public void HandleClosed(ConnectionId connection, int code, Instant now)
    {
        if (!_connections.Remove(connection, out Connection? known))
        {
            return;
        }

        known.Address.Open--;
        _deadlines.Cancel(known.Deadline);
        ReleaseName(known);
        known.State = ConnectionState.Closing;
        if (known.Peer is { } peer)
        {
            known.Peer = null;
            peer.Connection = null;
            if (PortOf(known.Dialect).MayComeBack(code) && !_isEnding)
            {
                TellOf(SignalingEventKind.Lost, peer);
                KeepUnsent(known, peer);
                _deadlines.Set(peer.Grace, now + _limits.ResumeGrace);
            }
            else
            {
                MarkGone(peer);
            }
        }

        Settle(now);
    }

    /// <summary>Closes all connections with 1013 and takes no new ones. In shared mode the others are told.</summary>
    /// <param name="now">The time.</param>
    public void Shutdown(Instant now)
    {
        if (_isEnding)
        {
            return;
        }

        _isEnding = true;
        if (_isShared)
        {
            _shared.Enqueue(new SharedEnded(Process));
            _deadlines.Cancel(_heartbeat);
            _deadlines.Cancel(_snapshot);
        }

        foreach (Connection connection in _connections.Values.ToArray())
        {
            Close(connection, SignalingCloseCode.TryAgain, "the server is shutting down", now);
        }
    }

    /// <summary>Closes a connection; its peer is gone.</summary>
    internal void Close(Connection connection, int code, string reason, Instant now, bool drain = false)
    {
        if (connection.State == ConnectionState.Closing)
        {
            return;
        }

        connection.State = ConnectionState.Closing;
        connection.Intent = null;
        connection.Early.Clear();
        connection.Unsent.Clear();
        _deadlines.Cancel(connection.Deadline);
        ReleaseName(connection);
        _transmits.Enqueue(new SignalingTransmit(connection.Id, default, code, reason, drain));
        Tell(new SignalingEvent
        {
            Kind = SignalingEventKind.Closed,
            Connection = connection.Id,
            Session = connection.Session,
            PeerId = connection.Peer?.Id ?? 0,
            Dialect = connection.Dialect,
            CloseCode = code,
            Process = Process,
        });
        if (connection.Peer is { } peer)
        {
            connection.Peer = null;
            peer.Connection = null;
            MarkGone(peer);
        }
    }

    /// <summary>Sends to a peer of this process; what is for one without a socket waits for it.</summary>
    internal void Send(Peer peer, byte[]? payload, Instant now)
    {
        if (payload is null || !peer.IsLocal || peer.IsGone)
        {
            return;
        }

        if (peer.Connection is { } connection)
        {
            Send(connection, payload, now);
        }
        else if (peer.Waiting.Count >= _limits.MaxQueuedMessages || peer.WaitingBytes + payload.Length > _limits.MaxQueuedBytes)
        {
            MarkGone(peer);
        }
        else
        {
            peer.Waiting.Enqueue(payload);
            peer.WaitingBytes += payload.Length;
        }
    }

    internal void Send(Connection connection, byte[] payload, Instant now)
    {
        if (connection.State == ConnectionState.Closing)
        {
            return;
        }

        if (connection.Unsent.Count >= _limits.MaxQueuedMessages || connection.UnsentBytes + payload.Length > _limits.MaxQueuedBytes)
        {
            Close(connection, SignalingCloseCode.TryAgain, "too much waits to be read", now);
            return;
        }

        HandOut(connection, payload);
    }

    /// <summary>Gives a peer another socket: what waited follows.</summary>
    internal void Attach(Connection connection, Peer peer, Instant now)
    {
        if (peer.Connection is { } former)
        {
            former.Peer = null;
            KeepUnsent(former, peer);
            Close(former, SignalingCloseCode.Replaced, "connected anew", now);
        }

        _deadlines.Cancel(peer.Grace);
        peer.Connection = connection;
        peer.Card = peer.Card with { Remote = connection.Remote, UserAgent = connection.UserAgent, Connected = connection.Time };
        connection.Peer = peer;
        connection.State = ConnectionState.Joined;
        connection.Session = peer.Room.Name;
        _deadlines.Cancel(connection.Deadline);
        TellOf(SignalingEventKind.Resumed, peer);
        PortOf(peer.Dialect).HandleJoined(peer, resumed: true, now);
        while (connection.State != ConnectionState.Closing && peer.Waiting.TryDequeue(out byte[]? payload))
        {
            HandOut(connection, payload);
        }

        peer.Waiting.Clear();
        peer.WaitingBytes = 0;
    }

    private static void KeepUnsent(Connection connection, Peer peer)
    {
        while (connection.Unsent.TryDequeue(out byte[]? payload))
        {
            peer.Waiting.Enqueue(payload);
            peer.WaitingBytes += payload.Length;
        }
    }

    private void HandOut(Connection connection, byte[] payload)
    {
        connection.Unsent.Enqueue(payload);
        connection.UnsentBytes += payload.Length;
        _transmits.Enqueue(new SignalingTransmit(connection.Id, payload));
        _delivered++;
    }

    private void HandleSilence(Connection connection, Instant now)
    {
        switch (connection.State)
        {
            case ConnectionState.Opened:
                Close(connection, SignalingCloseCode.Silent, "no first message", now);
                break;
            case ConnectionState.AwaitingId:
                Close(connection, SignalingCloseCode.TryAgain, "the store does not answer", now);
                break;
            case ConnectionState.Joined when now >= connection.LastHeard + _limits.PeerJsAliveTimeout:
                Close(connection, SignalingCloseCode.Silent, "no heartbeat", now);
                break;
            case ConnectionState.Joined:
                _deadlines.Set(connection.Deadline, connection.LastHeard + _limits.PeerJsAliveTimeout);
                break;
            default:
                break;
        }
    }

    // Known before the WebSocket is open, so it can still be said by status. PeerJS has a message of its own for it.
    private bool IsNameTaken(SignalingRoute route) => route switch
    {
        { Dialect: SignalingDialect.Villas, Name: { } name } => _villasNames.Contains((route.Session, name)) || IsVillasElsewhere(route.Session, name),
        { Dialect: SignalingDialect.LibDataChannel, Name: { } handle } => FindRoom(route.Session)?.Find(handle) is { Dialect: not SignalingDialect.LibDataChannel },
        _ => false,
    };

    private bool IsVillasElsewhere(string session, string name)
        => _isShared && FindRoom(session)?.Peers.Any(peer => !peer.IsLocal && peer.Dialect == SignalingDialect.Villas && peer.Card.Name == name) == true;

    private void ReleaseName(Connection connection)
    {
        if (connection.HoldsName)
        {
            connection.HoldsName = false;
            _villasNames.Remove((connection.Session, connection.Name!));
        }
    }

    // Null where so many addresses are about that no more are counted.
    private AddressUse? UseOf(TransportAddress remote, Instant now)
    {
        TransportAddress plain = remote.Unmapped;
        UInt128 bits = plain.Family == StunAddressFamily.IPv6 ? plain.Bits >> 64 : plain.Bits;
        if (_addresses.TryGetValue((plain.Family, bits), out AddressUse? use))
        {
            return use;
        }

        int most = Math.Max(1024, 4 * Math.Min(_limits.MaxConnections, int.MaxValue / 4));
        if (_addresses.Count >= most && (_swept is null || now - _swept >= SweepInterval))
        {
            _swept = now;
            foreach (((StunAddressFamily, UInt128) key, AddressUse old) in _addresses.ToArray())
            {
                if (old.Open == 0 && old.Connects.IsFull(now))
                {
                    _addresses.Remove(key);
                }
            }
        }

        if (_addresses.Count >= most)
        {
            return null;
        }

        use = new AddressUse(new RateBucket(_limits.ConnectsPerSecond, _limits.ConnectsPerSecond, now));
        _addresses.Add((plain.Family, bits), use);
        return use;
    }
}
