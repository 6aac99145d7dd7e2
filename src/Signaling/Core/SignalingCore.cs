using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using System.Security.Cryptography;
using Stack.Stun;

namespace Stack.Signaling;

/// <summary>
/// The signaling server without sockets: sessions, the peers in them, who offers to whom, and the translation between their dialects. One loop owns it; it is
/// not safe for concurrent use.
/// </summary>
/// <remarks>
/// <para>Inputs: <see cref="Connect"/>, <see cref="HandleMessage"/>, <see cref="HandleSent"/>, <see cref="HandleClosed"/>, <see cref="HandleTimeout"/>; in
/// shared mode also <see cref="HandleId"/>, <see cref="HandleIdFailed"/>, <see cref="HandleShared"/>, <see cref="HandleSharedRestored"/>. None of them throws
/// on what a peer or another process says. Command: <see cref="Shutdown"/>. Outputs: <see cref="TryReadTransmit"/>, <see cref="TryReadShared"/>,
/// <see cref="TryReadEvent"/> and <see cref="NextTimeout"/>. The rest are queries.</para>
/// <para>After each input: drain transmits, then shared messages, then events, then read <see cref="NextTimeout"/>. Transmits of one connection are to be sent
/// in their order, each followed by <see cref="HandleSent"/>: until then it counts as waiting, and a peer for which too much waits is closed.</para>
/// </remarks>
public sealed partial class SignalingCore
{
    private const int MaxEvents = 1024;

    private readonly SignalingLimits _limits;
    private readonly IRelayCredentials _relays;
    private readonly RandomNumberGenerator _random;
    private readonly bool _isShared;
    private readonly DialectPort[] _ports;
    private readonly Deadlines _deadlines = new();
    private readonly Queue<SignalingTransmit> _transmits = [];
    private readonly Queue<SharedMessage> _shared = [];
    private readonly Queue<SignalingEvent> _events = [];
    private readonly Queue<Peer> _leaving = [];
    private long _descriptions;
    private long _candidates;
    private long _others;
    private long _delivered;

    /// <summary>Makes a server without peers.</summary>
    /// <param name="limits">The bounds.</param>
    /// <param name="relays">Where relay credentials come from.</param>
    /// <param name="random">The source of tokens and names. Stays the caller's.</param>
    /// <param name="shared">Whether other processes serve the same sessions.</param>
    public SignalingCore(SignalingLimits limits, IRelayCredentials relays, RandomNumberGenerator random, bool shared = false)
    {
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentNullException.ThrowIfNull(relays);
        ArgumentNullException.ThrowIfNull(random);
        _limits = limits;
        _relays = relays;
        _random = random;
        _isShared = shared;
        _ports = [new OwnPort(this), new VillasPort(this), new LibDataChannelPort(this), new LecturePort(this), new PeerJsPort(this)];
        Process = NewToken();
    }

    /// <summary>The name of this process among those with the same sessions: 32 hexadecimal digits, another one after each start.</summary>
    public string Process { get; }

    /// <summary>When <see cref="HandleTimeout"/> has to be called next; null for not at all.</summary>
    public Instant? NextTimeout => _deadlines.Next;

    /// <summary>How much there is.</summary>
    public SignalingCounts Counts => new(
        _connections.Count, _localPeers, _remotePeers, _rooms.Count - _empty.Count, _empty.Count, _lastConnection, _totalSessions, _descriptions, _candidates, _others, _delivered);

    /// <summary>The sessions with peers, by name. A copy.</summary>
    public IReadOnlyList<SessionListing> Sessions
        => [.. _rooms.Values.Where(static room => room.Count > 0).OrderBy(static room => room.Name, StringComparer.Ordinal).Select(static room => room.List())];

    internal SignalingLimits Limits => _limits;

    internal bool IsShared => _isShared;

    /// <summary>Looks a session up.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The session; null where there is none with peers.</returns>
    public SessionListing? FindSession(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return FindRoom(name) is { Count: > 0 } room ? room.List() : null;
    }

    /// <summary>The next message to send or socket to close.</summary>
    /// <param name="transmit">It.</param>
    public bool TryReadTransmit(out SignalingTransmit transmit) => _transmits.TryDequeue(out transmit);

    /// <summary>The next message to all other processes. Only in shared mode.</summary>
    /// <param name="message">It.</param>
    public bool TryReadShared([NotNullWhen(true)] out SharedMessage? message) => _shared.TryDequeue(out message);

    /// <summary>The next thing that happened. Of those that are only for the log, at most 1024 wait and the rest is dropped.</summary>
    /// <param name="e">It.</param>
    public bool TryReadEvent(out SignalingEvent e) => _events.TryDequeue(out e);

    /// <summary>The time has come.</summary>
    /// <param name="now">The time.</param>
    public void HandleTimeout(Instant now)
    {
        while (_deadlines.TryTake(now, out Deadline? due))
        {
            switch (due!.Kind)
            {
                case DeadlineKind.Connection:
                    HandleSilence((Connection)due.Subject!, now);
                    break;
                case DeadlineKind.Grace:
                    MarkGone((Peer)due.Subject!, isLost: true);
                    break;
                case DeadlineKind.Absent:
                    ((PeerJsPort)_ports[(int)SignalingDialect.PeerJs]).Expire((Peer)due.Subject!, now);
                    break;
                case DeadlineKind.Credentials:
                    ((OwnPort)_ports[(int)SignalingDialect.Own]).SendServers((Peer)due.Subject!, now);
                    break;
                case DeadlineKind.EmptySessions:
                    ForgetEmptyRooms(now);
                    break;
                case DeadlineKind.Heartbeat:
                    HandleHeartbeat(now);
                    break;
                case DeadlineKind.Snapshot:
                    TellSnapshot(now);
                    break;
                default:
                    HandleProcessSilence((RemoteProcess)due.Subject!, now);
                    break;
            }

            Settle(now);
        }
    }

    internal DialectPort PortOf(SignalingDialect dialect) => _ports[(int)dialect];

    internal string NewToken()
    {
        Span<byte> bytes = stackalloc byte[16];
        _random.GetBytes(bytes);
        return Convert.ToHexStringLower(bytes);
    }

    internal void SetDeadline(Deadline deadline, Instant when) => _deadlines.Set(deadline, when);

    internal RelayServers IssueRelays(Peer peer) => _relays.Issue(peer.Room.Name, peer.Card);

    private void Tell(in SignalingEvent e)
    {
        if (_events.Count < MaxEvents || e.Kind == SignalingEventKind.IdWanted)
        {
            _events.Enqueue(e);
        }
    }

    private void TellOf(SignalingEventKind kind, Peer peer) => Tell(new SignalingEvent
    {
        Kind = kind,
        Connection = peer.Connection?.Id ?? default,
        Session = peer.Room.Name,
        PeerId = peer.Id,
        Dialect = peer.Dialect,
        Process = peer.Process ?? Process,
    });
}
