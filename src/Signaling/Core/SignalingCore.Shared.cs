using System;
using System.Collections.Generic;
using System.Linq;
using Stack.Stun;

namespace Stack.Signaling;

public sealed partial class SignalingCore
{
    private const int MaxProcesses = 64;
    private static readonly TimeSpan SnapshotInterval = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, RemoteProcess> _processes = new(StringComparer.Ordinal);
    private readonly Deadline _heartbeat = new(DeadlineKind.Heartbeat);
    private readonly Deadline _snapshot = new(DeadlineKind.Snapshot);
    private long _revision;
    private Instant? _toldSnapshot;

    /// <summary>
    /// Shared mode: the way to the other processes is open, at the start or again. Tells them all peers of this process and asks for theirs.
    /// </summary>
    /// <param name="now">The time.</param>
    public void HandleSharedRestored(Instant now)
    {
        if (_isShared && !_isEnding)
        {
            _shared.Enqueue(new SharedWanted(Process, null));
            TellSnapshot(now);
            _deadlines.Set(_heartbeat, now + _limits.HeartbeatInterval);
        }
    }

    /// <summary>Shared mode: a process said something.</summary>
    /// <param name="message">What it said. Its own messages are ignored.</param>
    /// <param name="now">The time.</param>
    public void HandleShared(SharedMessage message, Instant now)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (!_isShared || _isEnding || message.Process == Process || HeardOf(message, now) is not { } process)
        {
            return;
        }

        switch (message)
        {
            case SharedJoined joined:
                HandleElsewhere(process, joined.Revision, now);
                AddElsewhere(process, joined.Session, joined.Peer, now);
                break;
            case SharedGone gone:
                HandleElsewhere(process, gone.Revision, now);
                if (FindRoom(gone.Session)?.Find(gone.Id) is { } leaver && leaver.Process == process.Name)
                {
                    MarkGone(leaver, gone.Lost);
                }

                break;
            case SharedSignal signal:
                HandleSignal(process, signal, now);
                break;
            case SharedReplaced replaced:
                HandleReplaced(replaced, now);
                break;
            case SharedAlive alive when alive.Revision != process.Revision:
                Ask(process, now);
                break;
            case SharedWanted wanted when wanted.Target is null || wanted.Target == Process:
                HandleWanted(now);
                break;
            case SharedSession session:
                HandleSession(process, session, now);
                break;
            case SharedSnapshot snapshot:
                HandleSnapshot(process, snapshot, now);
                break;
            case SharedEnded:
                Drop(process);
                break;
            default:
                break;
        }

        Settle(now);
    }

    /// <summary>Lets a peer's former self go, wherever it is: it has come here.</summary>
    internal void TellReplaced(string session, string token)
    {
        if (_isShared)
        {
            _shared.Enqueue(new SharedReplaced(Process, session, token));
        }
    }

    private void TellJoined(Peer peer)
    {
        if (_isShared)
        {
            _shared.Enqueue(new SharedJoined(Process, ++_revision, peer.Room.Name, Share(peer)));
        }
    }

    private void TellGone(Peer peer)
    {
        if (_isShared && !_isEnding)
        {
            _shared.Enqueue(new SharedGone(Process, ++_revision, peer.Room.Name, peer.Id, peer.IsLost));
        }
    }

    private void TellSnapshot(Instant now)
    {
        _toldSnapshot = now;
        _deadlines.Cancel(_snapshot);
        int sessions = 0;
        foreach (Room room in _rooms.Values)
        {
            SharedPeer[] peers = [.. room.Peers.Where(static peer => peer is { IsLocal: true, IsGone: false }).Select(Share)];
            if (peers.Length > 0)
            {
                sessions++;
                _shared.Enqueue(new SharedSession(Process, room.Name, peers));
            }
        }

        _shared.Enqueue(new SharedSnapshot(Process, _revision, sessions));
    }

    // Resume tokens stay in their process: who comes with one to another is let go here and joins there.
    private static SharedPeer Share(Peer peer) => new(peer.Card, peer.Dialect == SignalingDialect.PeerJs ? peer.Token : null);

    private void HandleHeartbeat(Instant now)
    {
        _shared.Enqueue(new SharedAlive(Process, _revision));
        _deadlines.Set(_heartbeat, now + _limits.HeartbeatInterval);
    }

    private void HandleProcessSilence(RemoteProcess process, Instant now)
    {
        if (now < process.LastHeard + _limits.ProcessTimeout)
        {
            _deadlines.Set(process.Deadline, process.LastHeard + _limits.ProcessTimeout);
        }
        else
        {
            Drop(process);
        }
    }

    private void HandleWanted(Instant now)
    {
        if (_toldSnapshot is { } last && now < last + SnapshotInterval)
        {
            _deadlines.Set(_snapshot, last + SnapshotInterval);
        }
        else
        {
            TellSnapshot(now);
        }
    }

    private RemoteProcess? HeardOf(SharedMessage message, Instant now)
    {
        if (_processes.TryGetValue(message.Process, out RemoteProcess? process))
        {
            process.LastHeard = now;
            return process;
        }

        if (_processes.Count >= MaxProcesses || message is SharedEnded)
        {
            return null;
        }

        process = new RemoteProcess(message.Process) { LastHeard = now };
        _processes.Add(process.Name, process);
        _deadlines.Set(process.Deadline, now + _limits.ProcessTimeout);
        Tell(new SignalingEvent { Kind = SignalingEventKind.ProcessAppeared, Session = "", Process = process.Name });
        if (message is not (SharedSession or SharedSnapshot))
        {
            Ask(process, now);
        }

        return process;
    }

    private void Ask(RemoteProcess process, Instant now)
    {
        if (process.Asked is not { } asked || now >= asked + SnapshotInterval)
        {
            process.Asked = now;
            _shared.Enqueue(new SharedWanted(Process, process.Name));
        }
    }

    private void HandleElsewhere(RemoteProcess process, long revision, Instant now)
    {
        if (process.Revision is { } known && unchecked(known + 1) == revision)
        {
            process.Revision = revision;
        }
        else
        {
            Ask(process, now);
        }
    }

    private void HandleSignal(RemoteProcess process, SharedSignal signal, Instant now)
    {
        Room? room = FindRoom(signal.Session);
        Peer? from = room?.Find(signal.From);
        if (from is null || from.Process != process.Name)
        {
            Ask(process, now);
        }
        else if (room!.Find(signal.To) is { IsLocal: true } to)
        {
            var said = new Said(signal.Signal, signal.ConnectionId, signal.ConnectionType);
            Remember(from, to, said);
            Deliver(from, to, said, now);
        }
    }

    private void HandleReplaced(SharedReplaced replaced, Instant now)
    {
        if (((OwnPort)PortOf(SignalingDialect.Own)).FindToken(replaced.Session, replaced.Token) is { } peer)
        {
            Replace(peer, now);
        }
    }

    private void HandleSession(RemoteProcess process, SharedSession session, Instant now)
    {
        process.Told.Add(session.Session);
        foreach (Peer peer in FindRoom(session.Session)?.Peers ?? [])
        {
            if (peer.Process == process.Name && !session.Peers.Any(one => one.Peer.Id == peer.Id))
            {
                MarkGone(peer);
            }
        }

        Settle(now);
        foreach (SharedPeer peer in session.Peers)
        {
            AddElsewhere(process, session.Session, peer, now);
        }
    }

    private void HandleSnapshot(RemoteProcess process, SharedSnapshot snapshot, Instant now)
    {
        if (process.Told.Count != snapshot.Sessions)
        {
            // Its beginning was not heard, so what is missing in it may well be there.
            process.Told.Clear();
            Ask(process, now);
            return;
        }

        foreach (Room room in _rooms.Values)
        {
            if (!process.Told.Contains(room.Name))
            {
                RemoveFrom(room, process);
            }
        }

        process.Told.Clear();
        process.Revision = snapshot.Revision;
    }

    private void Drop(RemoteProcess process)
    {
        _processes.Remove(process.Name);
        _deadlines.Cancel(process.Deadline);
        Tell(new SignalingEvent { Kind = SignalingEventKind.ProcessLost, Session = "", Process = process.Name });
        foreach (Room room in _rooms.Values)
        {
            RemoveFrom(room, process, isLost: true);
        }
    }

    private void RemoveFrom(Room room, RemoteProcess process, bool isLost = false)
    {
        foreach (Peer peer in room.Peers)
        {
            if (peer.Process == process.Name)
            {
                MarkGone(peer, isLost);
            }
        }
    }

    private void AddElsewhere(RemoteProcess process, string session, SharedPeer shared, Instant now)
    {
        Room room = OpenRoom(session, shared.Peer.Created, now);
        if (room.Holder(shared.Peer.Id) is { } same)
        {
            // Two processes gave a number twice, which happens when the store forgot it: all processes keep the same one of the two.
            if (same.IsGone || same.Process == process.Name || string.CompareOrdinal(same.Process ?? Process, process.Name) < 0)
            {
                return;
            }

            Evict(same, SignalingCloseCode.TryAgain, "the number is another's", now);
        }

        // The later one has the name, as if both had come here.
        if (room.Holder(shared.Peer.Handle) is { IsLocal: true, Dialect: SignalingDialect.LibDataChannel or SignalingDialect.PeerJs } namesake
            && namesake.Dialect == shared.Peer.Dialect
            && namesake.Id < shared.Peer.Id)
        {
            Evict(namesake, SignalingCloseCode.Replaced, "connected anew", now);
        }

        Enter(room, new Peer(room, shared.Peer, process.Name) { Token = shared.Token }, now);
        if (room is { IsOverfull: true, Last: { IsLocal: true, IsGone: false, Connection: { } last } })
        {
            Close(last, SignalingCloseCode.SessionFull, "the session is full", now, drain: true);
        }
    }

    private void Evict(Peer peer, int code, string reason, Instant now)
    {
        if (peer.Connection is { } connection)
        {
            Close(connection, code, reason, now);
        }

        MarkGone(peer);
        Settle(now);
    }
}
