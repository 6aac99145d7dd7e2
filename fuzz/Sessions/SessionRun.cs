using System;
using System.Globalization;
using System.Linq;
using Stack.Ice;
using Stack.Simulation;
using Stack.Stun;
using static Stack.Fuzz.Sessions.PropertyViolationException;

namespace Stack.Fuzz.Sessions;

/// <summary>One random session from its plan to its end, held against the reference and the properties.</summary>
public sealed partial class SessionRun : IDisposable
{
    private const long MaxSteps = 3_000_000;

    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(150);
    private static readonly TimeSpan RecoveryLimit = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(3.5);

    private readonly SessionPlan _plan;
    private readonly SessionWorld _world;
    private readonly AgentWatch[] _watches;
    private readonly DataFlow[] _flows;
    private readonly Intruder? _intruder;
    private readonly TimeSpan _cadence;
    private readonly Reachability _reach;
    private int _restarts;
    private bool _flowing = true;
    private bool _isChanged;
    private bool _disagrees;

    private SessionRun(SessionPlan plan, bool traces)
    {
        _plan = plan;
        _reach = Reachability.Of(plan);
        _world = new SessionWorld(plan, traces);
        _watches = [new AgentWatch(_world.Agents[0], plan.A, plan.Streams), new AgentWatch(_world.Agents[1], plan.B, plan.Streams)];
        _flows = [new DataFlow(_world, 0, _watches[0], plan), new DataFlow(_world, 1, _watches[1], plan)];
        _intruder = plan.HasIntruder ? new Intruder(_world) : null;
        _cadence = TimeSpan.FromMilliseconds(MustKeepAll(plan) && plan.Disturbances.Count != 0 ? 50 : 500);
    }

    private Simulator Simulator => _world.Simulator;

    private VirtualIceAgent A => _world.Agents[0];

    private VirtualIceAgent B => _world.Agents[1];

    /// <summary>The session of a seed. Where loss alone keeps it from connecting, it must connect without.</summary>
    public static SessionResult Execute(ulong seed, bool traces = false)
    {
        SessionPlan plan = SessionDraw.Draw(seed);
        SessionResult result = Execute(plan, traces);
        if (result.Outcome != SessionOutcome.Missed)
        {
            return result;
        }

        SessionResult mended = Execute(plan.WithoutLoss(), traces);
        return mended.Violation is null ? result with { Steps = result.Steps + mended.Steps } : mended with { Violation = $"without loss too: {mended.Violation}" };
    }

    /// <summary>A session by its plan.</summary>
    public static SessionResult Execute(SessionPlan plan, bool traces)
    {
        ArgumentNullException.ThrowIfNull(plan);
        using var run = new SessionRun(plan, traces);
        SessionOutcome outcome = SessionOutcome.Violation;
        string? violation = null;
        try
        {
            outcome = run.Run();
        }
        catch (PropertyViolationException broken)
        {
            violation = $"{broken.Message} (at {run.Simulator.Now}; {run.A}, {run.B}; {run._reach})";
        }
        catch (Exception error)
        {
            violation = error.ToString();
        }

        return new SessionResult(
            plan,
            outcome,
            violation,
            run.Simulator.Now.SinceOrigin,
            run._watches[0].Sent + run._watches[1].Sent,
            run._flows[0].Sent + run._flows[1].Sent,
            run._restarts,
            run.Simulator.Steps,
            traces ? run.Simulator.Trace?.ToString() : null);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _intruder?.Dispose();
        _world.Dispose();
    }

    /// <summary>
    /// Whether a session that can connect must: with 5 % of loss or less seven requests in a row fail once in ten million pairs. By the book
    /// no loss is allowed, nor more than one component: see <see cref="SessionPlan.AsksSlowly"/>.
    /// </summary>
    private static bool IsStrict(SessionPlan plan)
    {
        bool isByTheBook = plan.A.IsByTheBook || plan.B.IsByTheBook;
        return isByTheBook
            ? plan.Loss == 0 && !plan.AsksSlowly
            : plan.Loss == 0 || (plan.Loss <= 0.05 && plan.A.Link.BitsPerSecond == 0 && plan.B.Link.BitsPerSecond == 0);
    }

    /// <summary>Whether every datagram must arrive: nothing is lost on links, and nothing but restarts happens.</summary>
    private static bool MustKeepAll(SessionPlan plan)
        => plan.Loss == 0 && plan.Disturbances.All(static one => one.Kind is DisturbanceKind.Restart or DisturbanceKind.RestartBoth or DisturbanceKind.InterfaceAdded);

    private SessionOutcome Run()
    {
        A.Start();
        if (_plan.B.StartsAfter == TimeSpan.Zero)
        {
            B.Start();
        }
        else
        {
            Simulator.Schedule(_plan.B.StartsAfter, B.Start);
        }

        Simulator.Schedule(_cadence, Pump);
        bool connected = RunUntil(AreCompleted, ConnectLimit, stopsWhenFailed: true);
        SessionOutcome outcome = connected ? JudgeConnection() : JudgeFailure();
        if (connected)
        {
            Go(Quiet);
            CheckAgreement();
            foreach (Disturbance disturbance in _plan.Disturbances)
            {
                Go(disturbance.After);
                Disturb(disturbance);
            }

            if (_plan.Disturbances.Count != 0 && !Recover())
            {
                outcome = MustRecover() ? SessionOutcome.Missed : SessionOutcome.NotRecovered;
            }
        }

        _flowing = false;
        Go(Quiet);
        if (connected)
        {
            CheckDelivery();
        }

        CloseBoth();
        return _disagrees ? SessionOutcome.Disagreed : outcome;
    }

    private SessionOutcome JudgeConnection()
    {
        Require(_reach.Any != ReachVerdict.No, "connected where that is impossible");
        bool relayed = false;
        for (int stream = 0; stream < _plan.Streams.Count; stream++)
        {
            for (int component = 1; component <= _plan.Streams[stream]; component++)
            {
                // Of what loss has made of a second nomination there may be a path alone.
                CandidatePair pair = A.Agent.GetSelectedPair(stream, component) ?? A.Agent.GetPath(stream, component)!;
                relayed |= pair.Local.Type == CandidateType.Relayed || pair.Remote.Type == CandidateType.Relayed || pair.Remote.Address.HasSameAddress(Endpoint.Parse("198.51.100.1"));
            }
        }

        Require(relayed || _reach.Direct != ReachVerdict.No, "connected directly where that is impossible");
        return !relayed ? SessionOutcome.Direct : _reach.Direct == ReachVerdict.Yes ? SessionOutcome.RelayedNeedlessly : SessionOutcome.Relayed;
    }

    private SessionOutcome JudgeFailure()
    {
        if (_reach.Any == ReachVerdict.Yes)
        {
            Require(!IsStrict(_plan), "not connected though that is possible");
            return SessionOutcome.Missed;
        }

        // By the book a request can wait for minutes: Ta times all pairs squared.
        if (_reach.Any == ReachVerdict.No)
        {
            bool ends = !_plan.A.IsByTheBook && !_plan.B.IsByTheBook && !_plan.B.IsLite;
            Require(!ends || (A.Agent.State == IceSessionState.Failed && B.Agent.State == IceSessionState.Failed), "it is impossible to connect, and the session does not fail");
            return SessionOutcome.Impossible;
        }

        return SessionOutcome.Unsure;
    }

    private bool AreCompleted() => A.Agent.State == IceSessionState.Completed && B.Agent.State == IceSessionState.Completed;

    private bool HaveFailed() => A.Agent.State == IceSessionState.Failed && B.Agent.State == IceSessionState.Failed;

    private void Pump()
    {
        if (_flowing)
        {
            _flows[0].Send();
            _flows[1].Send();
            Simulator.Schedule(_cadence, Pump);
        }
    }

    private void Go(TimeSpan time) => RunUntil(static () => false, time, stopsWhenFailed: false);

    private bool RunUntil(Func<bool> condition, TimeSpan limit, bool stopsWhenFailed)
    {
        Instant end = Simulator.Now + limit;
        while (!condition())
        {
            if (Simulator.Next is not { } next || next > end || (stopsWhenFailed && HaveFailed()))
            {
                if (!stopsWhenFailed)
                {
                    Simulator.RunUntil(end);
                }

                return false;
            }

            Simulator.Step();
            Require(Simulator.Steps < MaxSteps, "a storm");
            _watches[0].Check();
            _watches[1].Check();
        }

        return true;
    }

    private void CheckAgreement()
    {
        if (!AreCompleted())
        {
            return;
        }

        Require(A.Agent.Role != B.Agent.Role, $"both are {A.Agent.Role}");
        for (int stream = 0; stream < _plan.Streams.Count; stream++)
        {
            for (int component = 1; component <= _plan.Streams[stream]; component++)
            {
                CandidatePair? a = A.Agent.GetSelectedPair(stream, component);
                CandidatePair? b = B.Agent.GetSelectedPair(stream, component);
                bool agree = a is not null && b is not null && IsSeenAs(a.Local, b) && IsSeenAs(b.Local, a);

                // Where all answers to a nomination are lost, the controlling agent nominates another pair, and the controlled one keeps the better.
                _disagrees |= !agree;
                Require(agree || !IsStrict(_plan), string.Create(CultureInfo.InvariantCulture, $"stream {stream} component {component}: {a} is not {b}"));
            }
        }
    }

    /// <summary>A lite agent does not learn what its address is seen as; an active TCP candidate is signaled with port 9.</summary>
    private bool IsSeenAs(Candidate local, CandidatePair other)
        => _plan.B.IsLite || local.Transport == CandidateTransport.Tcp ? local.Address.HasSameAddress(other.Remote.Address) || _plan.B.IsLite : local.Address == other.Remote.Address;

    private void CheckDelivery()
    {
        if (!MustKeepAll(_plan))
        {
            return;
        }

        for (int side = 0; side < 2; side++)
        {
            string? missing = _flows[side].FindMissing();
            Require(missing is null, $"{(side == 0 ? 'A' : 'B')} has lost {missing}");
        }
    }

    private void CloseBoth()
    {
        foreach (VirtualIceAgent agent in _world.Agents)
        {
            agent.Dispose();
            Require(agent.Agent.State == IceSessionState.Closed && agent.Agent.NextTimeout is null, $"{agent} after Close");
            Require(!agent.Agent.TryGetRoute(0, 1, agent.Host.Now, out _), "a route after Close");
            Require(!agent.Agent.TryReadTransmit(new byte[IceAgent.MaxMessageSize], agent.Host.Now, out _), "a message after Close");
        }

        _watches[0].NoteClosed();
        _watches[1].NoteClosed();
        Go(TimeSpan.FromSeconds(2));
    }
}
