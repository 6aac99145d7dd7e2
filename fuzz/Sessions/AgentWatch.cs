using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Stack.Ice;
using Stack.Simulation;
using Stack.Stun;
using static Stack.Fuzz.Sessions.PropertyViolationException;

namespace Stack.Fuzz.Sessions;

/// <summary>Judges an agent by what it sends, what comes to it and what it says: the properties that hold in every step.</summary>
public sealed class AgentWatch
{
    // A check for every pair may be under way when the bound of bytes is reached.
    private const int MessageSize = 160;
    private const int MaxIdleSteps = 400;

    // Nine components with all their pairs, over again after each restart.
    private const int MaxSentAtFirst = 10_000;
    private const int MaxSentPerSecond = 60;

    private static readonly TimeSpan ConsentExpiry = TimeSpan.FromSeconds(30);

    private readonly VirtualIceAgent _agent;
    private readonly SidePlan _side;
    private readonly IReadOnlyList<int> _streams;
    private readonly Dictionary<TransactionId, WayCount> _requests = [];
    private readonly Dictionary<(int Base, TransportAddress Remote, string User), WayCount> _ways = [];
    private readonly Dictionary<(int Base, TransportAddress Remote), Instant> _answeredAt = [];
    private readonly Dictionary<(int Base, TransportAddress Remote), int> _invitations = [];
    private readonly Dictionary<(int Stream, int Component), int> _selections = [];
    private Instant? _lastCheck;
    private string _generation = "";
    private IceSessionState _state;
    private bool _wasConnected;
    private bool _closed;
    private long _outputs;
    private long _idleOutputs;
    private Instant? _idleTimeout;
    private int _idleSteps;

    /// <summary>Begins to watch.</summary>
    public AgentWatch(VirtualIceAgent agent, SidePlan side, IReadOnlyList<int> streams)
    {
        ArgumentNullException.ThrowIfNull(agent);
        _agent = agent;
        _side = side;
        _streams = streams;
        agent.Observed = Observe;
        agent.Happened = Note;
    }

    /// <summary>How many messages the agent has sent.</summary>
    public long Sent { get; private set; }

    /// <summary>The pairs that it has had at most.</summary>
    public int MostPairs { get; private set; }

    /// <summary>The agent is closed: nothing may come any more.</summary>
    public void NoteClosed() => _closed = true;

    /// <summary>After each step: a deadline that has passed leads to something, and a session that is under way has one.</summary>
    public void Check()
    {
        if (_closed)
        {
            return;
        }

        Instant? timeout = _agent.Agent.NextTimeout;
        if (timeout is null)
        {
            bool waits = _agent.Agent.State is IceSessionState.Checking or IceSessionState.Connected or IceSessionState.Completed;
            Require(!waits || _side.IsLite || _agent.Agent.RemoteParameters is null, $"{_agent} waits for nothing: {string.Join("; ", _agent.Agent.Pairs)}");
        }

        if (timeout is { } due && due <= _agent.Host.Now && !_agent.Host.IsSuspended && timeout == _idleTimeout && _outputs == _idleOutputs)
        {
            Require(++_idleSteps < MaxIdleSteps, $"{_agent} has a timeout without progress");
        }
        else
        {
            _idleTimeout = timeout;
            _idleOutputs = _outputs;
            _idleSteps = 0;
        }
    }

    /// <summary>Before application data is sent: where the agent lets it go, the peer has answered within 30 s (RFC 7675 section 5.1).</summary>
    public void CheckConsent(int stream, int component)
    {
        Instant now = _agent.Host.Now;
        if (_side.IsLite || !_agent.Agent.TryGetRoute(stream, component, now, out IceRoute route))
        {
            return;
        }

        Require(_answeredAt.TryGetValue((route.BaseId, route.Destination), out Instant at), $"{_agent} sends data to {route.Destination}, which has never answered");
        Require(now - at <= ConsentExpiry, $"{_agent} sends data {(now - at).TotalSeconds:F3} s after the last answer");
    }

    private void Observe(VirtualIceAgent agent, int baseId, TransportAddress remote, ReadOnlySpan<byte> message, IceDisposition? disposition)
    {
        Require(!_closed, $"{agent.Host.Name} does something after Close");
        _outputs++;
        if (disposition is { } verdict)
        {
            ObserveArrival(baseId, remote, message, verdict);
            return;
        }

        Sent++;
        Require(Sent <= MaxSentAtFirst + (MaxSentPerSecond * agent.Host.Now.SinceOrigin.TotalSeconds), $"{agent} has sent {Sent} messages");
        Require(StunMessage.Decode(message, out StunMessage stun) == StunDecodeStatus.Ok && stun.HasFingerprint, "a message that is not well formed");
        if (stun.Class == StunClass.Request)
        {
            ObserveRequest(baseId, remote, stun, message.Length);
        }
    }

    private void ObserveRequest(int baseId, TransportAddress remote, StunMessage stun, int length)
    {
        Require(!_side.IsLite, "a lite agent makes a check");
        bool isRepeat = _requests.TryGetValue(stun.TransactionId, out WayCount? way);
        if (way is null)
        {
            stun.ReadUsername(out ReadOnlySpan<byte> user);
            string name = Encoding.ASCII.GetString(user);
            if (!_ways.TryGetValue((baseId, remote, name), out way))
            {
                way = new WayCount();
                _ways.Add((baseId, remote, name), way);
            }

            _requests.Add(stun.TransactionId, way);
        }

        way.Requests++;
        way.Bytes += length;
        int invitations = _invitations.GetValueOrDefault((baseId, remote));

        // One that its authenticated checks come from is asked as often again, and once for each of them; where they go on after a nomination, which
        // has taken the pair off the checklist, there is a second pair.
        int allowed = invitations == 0 ? IceLimits.Default.MaxTransmissions : (IceLimits.Default.MaxTransmissions * 4) + invitations;
        Require(
            way.IsAnswered || way.Requests <= allowed,
            $"{_agent.Host.Name} sends request {way.Requests} to {remote}, which has never answered and asked {invitations} times");
        CheckUnvalidated(way, invitations);
        if (!isRepeat && (!way.IsAnswered || stun.ReadUseCandidate() == StunAttributeStatus.Present))
        {
            CheckPace();
        }
    }

    private void CheckUnvalidated(WayCount way, int invitations)
    {
        if (way.IsAnswered || invitations != 0 || way.Requests != 1)
        {
            return;
        }

        var totals = new Dictionary<string, int>();
        foreach (((int baseId, TransportAddress remote, string user), WayCount other) in _ways)
        {
            if (!other.IsAnswered && !_invitations.ContainsKey((baseId, remote)))
            {
                totals[user] = totals.GetValueOrDefault(user) + other.Bytes;
            }
        }

        foreach (int total in totals.Values)
        {
            Require(
                total <= IceLimits.Default.MaxUnvalidatedBytes + (IceLimits.Default.MaxPairs * MessageSize),
                $"{_agent.Host.Name} has sent {total} bytes to addresses that never answered");
        }
    }

    /// <summary>5 ms between two checks with the prompt strategy, Ta by the book (RFC 8445 section 14.2). Consent has an interval of its own.</summary>
    private void CheckPace()
    {
        Instant now = _agent.Host.Now;
        TimeSpan least = _side.IsByTheBook ? TimeSpan.FromMilliseconds(50) : CheckPacer.Spacing;
        Require(
            _lastCheck is not { } last || now - last >= least,
            string.Create(CultureInfo.InvariantCulture, $"{_agent.Host.Name} begins a check {(now - (_lastCheck ?? now)).TotalMilliseconds:F3} ms after another one"));
        _lastCheck = now;
    }

    private void ObserveArrival(int baseId, TransportAddress remote, ReadOnlySpan<byte> message, IceDisposition disposition)
    {
        if (disposition == IceDisposition.ApplicationData)
        {
            bool known = _answeredAt.ContainsKey((baseId, remote)) || _invitations.ContainsKey((baseId, remote));
            Require(known, $"{_agent.Host.Name} takes data from {remote}, which has never been validated");
            return;
        }

        bool counts = disposition is IceDisposition.Taken or IceDisposition.LimitReached or IceDisposition.NotExpected;
        if (!counts || StunMessage.Decode(message, out StunMessage stun) != StunDecodeStatus.Ok)
        {
            return;
        }

        if (stun.Class == StunClass.Request)
        {
            _invitations[(baseId, remote)] = _invitations.GetValueOrDefault((baseId, remote)) + 1;
        }
        else if (stun.Class != StunClass.Indication && _requests.TryGetValue(stun.TransactionId, out WayCount? way) && disposition == IceDisposition.Taken)
        {
            way.IsAnswered = true;
            if (stun.Class == StunClass.SuccessResponse)
            {
                _answeredAt[(baseId, remote)] = _agent.Host.Now;
            }
        }
    }

    private void Note(VirtualIceAgent agent, IceEvent happened)
    {
        _outputs++;
        Require(!_closed || happened.Kind == IceEventKind.StateChanged, "an event after Close");
        switch (happened.Kind)
        {
            case IceEventKind.StateChanged:
                CheckTransition(happened);
                MostPairs = Math.Max(MostPairs, agent.Agent.Pairs.Count);
                Require(MostPairs <= IceLimits.Default.MaxPairs * 2, $"{MostPairs} pairs");
                break;
            case IceEventKind.Selected:
                CheckSelection(happened);
                break;
            case IceEventKind.RoleChanged:
                _selections.Clear();
                break;
        }
    }

    private void CheckSelection(in IceEvent happened)
    {
        Require(happened.Pair is { IsNominated: true }, "a selected pair that is not nominated");
        string generation = _agent.Agent.LocalParameters.Credentials.UsernameFragment;
        if (generation != _generation)
        {
            _generation = generation;
            _selections.Clear();
        }

        int count = _selections[(happened.Stream, happened.ComponentId)] = _selections.GetValueOrDefault((happened.Stream, happened.ComponentId)) + 1;
        Require(count == 1 || _agent.Agent.Role == IceRole.Controlled, "a controlling agent has nominated twice in one session");
    }

    private void CheckTransition(in IceEvent happened)
    {
        IceSessionState before = _state;
        IceSessionState after = happened.State;
        _state = after;
        Require(before != after && before != IceSessionState.Closed, $"from {before} to {after}");
        bool isLegal = after switch
        {
            IceSessionState.New => before is IceSessionState.Checking or IceSessionState.Failed && !_wasConnected,
            IceSessionState.Connected or IceSessionState.Completed => before != IceSessionState.New || _side.IsLite || _wasConnected,
            IceSessionState.Disconnected => _wasConnected,
            _ => true,
        };
        Require(isLegal, $"from {before} to {after}");
        bool isBad = after is IceSessionState.Failed or IceSessionState.Disconnected;
        Require(isBad == (happened.Reason != IceFailureReason.None), $"{after} because of {happened.Reason}");
        if (after is IceSessionState.Connected or IceSessionState.Completed)
        {
            _wasConnected = true;
            for (int stream = 0; stream < _streams.Count; stream++)
            {
                for (int component = 1; component <= _streams[stream]; component++)
                {
                    Require(_agent.Agent.GetPath(stream, component) is not null, $"{after} without a path");
                }
            }
        }
    }
}
