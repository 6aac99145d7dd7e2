using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Stack.Stun;

namespace Stack.Signaling;

public sealed partial class SignalingCore
{
    private const int MaxIdAttempts = 8;

    private readonly Dictionary<string, Room> _rooms = new(StringComparer.Ordinal);
    private readonly LinkedList<Room> _empty = [];
    private readonly Deadline _emptyDeadline = new(DeadlineKind.EmptySessions);
    private int _localPeers;
    private int _remotePeers;
    private long _totalSessions;

    /// <summary>Shared mode: the number that was asked for by <see cref="SignalingEventKind.IdWanted"/>.</summary>
    /// <param name="connection">Whom it is for.</param>
    /// <param name="id">The number.</param>
    /// <param name="now">The time.</param>
    public void HandleId(ConnectionId connection, int id, Instant now)
    {
        if (!_connections.TryGetValue(connection, out Connection? known) || known is not { State: ConnectionState.AwaitingId, Intent: { } intent })
        {
            return;
        }

        int above = FindRoom(known.Session)?.LastId ?? 0;
        if (id > above)
        {
            Complete(known, intent, id, now);
        }
        else if (++intent.Attempts < MaxIdAttempts)
        {
            WantId(known, above);
        }
        else
        {
            Close(known, SignalingCloseCode.TryAgain, "the store counts wrongly", now);
        }

        Settle(now);
    }

    /// <summary>Shared mode: the store did not give a number. The connection is closed with 1013.</summary>
    /// <param name="connection">Whom it was for.</param>
    /// <param name="now">The time.</param>
    public void HandleIdFailed(ConnectionId connection, Instant now)
    {
        if (_connections.TryGetValue(connection, out Connection? known) && known.State == ConnectionState.AwaitingId)
        {
            Close(known, SignalingCloseCode.TryAgain, "the store does not answer", now);
            Settle(now);
        }
    }

    internal Room? FindRoom(string name) => _rooms.GetValueOrDefault(name);

    /// <summary>Whether a connection may have a handle: nobody has it, or its own former self.</summary>
    internal bool MayTake(Connection connection, string handle)
        => FindRoom(connection.Session)?.Holder(handle) is not { IsGone: false } holder || IsFormerSelf(connection, holder);

    /// <summary>Joins a connection to its session, at once or as soon as it has its number.</summary>
    internal void Join(Connection connection, JoinIntent intent, Instant now)
    {
        Room? room = FindRoom(connection.Session);
        if (room is { IsFull: true } && (intent.Handle is null || room.Find(intent.Handle) is null))
        {
            Close(connection, SignalingCloseCode.SessionFull, "the session is full", now, drain: true);
        }
        else if (_isShared)
        {
            connection.Intent = intent;
            connection.State = ConnectionState.AwaitingId;
            _deadlines.Set(connection.Deadline, now + _limits.FirstMessageTimeout);
            WantId(connection, room?.LastId ?? 0);
        }
        else
        {
            Complete(connection, intent, (room?.LastId ?? 0) + 1, now);
        }
    }

    /// <summary>Takes a peer out of its room as soon as nobody is being told anything.</summary>
    internal void MarkGone(Peer peer, bool isLost = false)
    {
        if (!peer.IsGone)
        {
            peer.IsGone = true;
            peer.IsLost = isLost;
            _leaving.Enqueue(peer);
        }
    }

    private static bool IsFormerSelf(Connection connection, Peer holder) => holder.Dialect == connection.Dialect && connection.Dialect switch
    {
        // Whoever came last has the name, as with the servers of its own.
        SignalingDialect.LibDataChannel => true,
        SignalingDialect.PeerJs => holder.Token == connection.Token,
        _ => false,
    };

    private void WantId(Connection connection, int above) => Tell(new SignalingEvent
    {
        Kind = SignalingEventKind.IdWanted,
        Connection = connection.Id,
        Session = connection.Session,
        Dialect = connection.Dialect,
        Above = above,
        Process = Process,
    });

    private void Complete(Connection connection, JoinIntent intent, int id, Instant now)
    {
        Room room = OpenRoom(connection.Session, connection.Time, now);
        if (intent.Handle is { } wanted && room.Holder(wanted) is { } holder)
        {
            if (!holder.IsGone && !IsFormerSelf(connection, holder))
            {
                PortOf(connection.Dialect).HandleNameTaken(connection, now);
                return;
            }

            Replace(holder, now);
        }

        if (room.IsFull)
        {
            Close(connection, SignalingCloseCode.SessionFull, "the session is full", now, drain: true);
            return;
        }

        string handle = intent.Handle ?? HandleFor(room, id);
        var peer = new Peer(
            room,
            new SessionPeer
            {
                Id = id,
                Handle = handle,
                Name = intent.Name.Length > 0 ? intent.Name : intent.Handle ?? "",
                Dialect = connection.Dialect,
                Remote = connection.Remote,
                UserAgent = connection.UserAgent,
                Created = connection.Time,
                Connected = connection.Time,
                Signals = intent.Signals,
            },
            process: null)
        {
            Connection = connection,
            Token = connection.Token,
        };
        connection.Peer = peer;
        connection.Intent = null;
        connection.State = ConnectionState.Joined;
        _deadlines.Cancel(connection.Deadline);
        Enter(room, peer, now);
        byte[][] early = [.. connection.Early];
        connection.Early.Clear();
        connection.EarlyBytes = 0;
        foreach (byte[] message in early)
        {
            if (connection.State == ConnectionState.Joined)
            {
                Read(connection, message, now);
            }
        }
    }

    private static string HandleFor(Room room, int id)
    {
        string number = id.ToString(CultureInfo.InvariantCulture);
        string handle = number;
        for (int i = 1; room.Has(handle); i++)
        {
            handle = "peer-" + number + (i == 1 ? "" : "-" + i.ToString(CultureInfo.InvariantCulture));
        }

        return handle;
    }

    private void Replace(Peer peer, Instant now)
    {
        if (peer.Connection is { } former)
        {
            Close(former, SignalingCloseCode.Replaced, "connected anew", now);
        }

        MarkGone(peer, isLost: true);
        Settle(now);
    }

    private void Enter(Room room, Peer peer, Instant now)
    {
        if (room.Empty is { } place)
        {
            _empty.Remove(place);
            room.Empty = null;
        }

        room.Add(peer);
        room.SettlePair();
        if (peer.IsLocal)
        {
            _localPeers++;
            TellOf(SignalingEventKind.Joined, peer);
            TellJoined(peer);
            PortOf(peer.Dialect).HandleJoined(peer, resumed: false, now);
        }
        else
        {
            _remotePeers++;
        }

        foreach (Peer other in room.Peers)
        {
            if (other != peer && other is { IsLocal: true, IsGone: false })
            {
                PortOf(other.Dialect).HandleCame(other, peer, now);
            }
        }

        TellLists(room, now);
        ((PeerJsPort)PortOf(SignalingDialect.PeerJs)).SendAwaited(peer, now);
    }

    private void Settle(Instant now)
    {
        while (_leaving.TryDequeue(out Peer? peer))
        {
            Depart(peer, now);
        }
    }

    private void Depart(Peer peer, Instant now)
    {
        Room room = peer.Room;
        if (room.Holder(peer.Id) != peer)
        {
            return;
        }

        _deadlines.Cancel(peer.Grace);
        _deadlines.Cancel(peer.Credentials);
        _deadlines.Cancel(peer.AbsentDeadline);
        peer.Waiting.Clear();
        if (peer.Connection is { } connection)
        {
            peer.Connection = null;
            connection.Peer = null;
        }

        foreach (Peer other in room.Peers)
        {
            if (other != peer && other is { IsLocal: true, IsGone: false })
            {
                PortOf(other.Dialect).HandleGone(other, peer, now);
            }
        }

        // The list that VILLASnode is sent still has who goes: a list of one would make the one who stays tear a live connection down.
        room.SettlePair();
        TellLists(room, now);
        room.Remove(peer);
        if (peer.IsLocal)
        {
            _localPeers--;
            TellOf(SignalingEventKind.Left, peer);
            PortOf(peer.Dialect).HandleLeft(peer);
            TellGone(peer);
        }
        else
        {
            _remotePeers--;
        }

        if (room.Count == 0)
        {
            HandleEmpty(room, now);
        }
    }

    private void HandleEmpty(Room room, Instant now)
    {
        room.EmptySince = now;
        room.Empty = _empty.AddLast(room);
        if (_empty.Count == 1)
        {
            _deadlines.Set(_emptyDeadline, now + _limits.EmptySessionLifetime);
        }
    }

    private void TellLists(Room room, Instant now)
    {
        Peer[] peers = room.Peers;
        if (!peers.Any(static peer => peer.Dialect == SignalingDialect.Villas))
        {
            return;
        }

        ((VillasPort)PortOf(SignalingDialect.Villas)).SendLists(peers, now);
        foreach (Peer peer in peers)
        {
            if (peer is { IsLocal: true, IsGone: false, Dialect: SignalingDialect.Own })
            {
                ((OwnPort)PortOf(SignalingDialect.Own)).SendChangedRoles(peer, peers, now);
            }
        }
    }

    private Room OpenRoom(string name, DateTimeOffset time, Instant now)
    {
        if (_rooms.TryGetValue(name, out Room? room))
        {
            return room;
        }

        if (_rooms.Count >= _limits.MaxSessions && _empty.First is { } oldest)
        {
            Forget(oldest.Value);
        }

        bool open = _limits.OpenSessions.Contains(name);
        int rate = _limits.SessionMessagesPerSecond;
        room = new Room(name, time, open, open ? _limits.MaxPeersInOpenSession : _limits.MaxPeers, new RateBucket(rate, 2.0 * rate, now));
        _rooms.Add(name, room);
        _totalSessions++;
        HandleEmpty(room, now);
        Tell(new SignalingEvent { Kind = SignalingEventKind.SessionOpened, Session = name, Process = Process });
        return room;
    }

    private void ForgetEmptyRooms(Instant now)
    {
        while (_empty.First is { } oldest)
        {
            if (now < oldest.Value.EmptySince + _limits.EmptySessionLifetime)
            {
                _deadlines.Set(_emptyDeadline, oldest.Value.EmptySince + _limits.EmptySessionLifetime);
                return;
            }

            Forget(oldest.Value);
        }
    }

    private void Forget(Room room)
    {
        _empty.Remove(room.Empty!);
        _rooms.Remove(room.Name);
        Tell(new SignalingEvent { Kind = SignalingEventKind.SessionClosed, Session = room.Name, Process = Process });
    }
}
