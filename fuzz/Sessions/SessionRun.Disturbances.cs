using System;
using System.Linq;
using Stack.Simulation;
using static Stack.Fuzz.Sessions.PropertyViolationException;

namespace Stack.Fuzz.Sessions;

/// <content>What happens to a session that goes on, and how it comes back.</content>
public sealed partial class SessionRun
{
    private void Disturb(Disturbance disturbance)
    {
        int side = disturbance.Side;
        VirtualHost host = _world.Hosts[side];
        _isChanged |= disturbance.Kind is not (DisturbanceKind.Restart or DisturbanceKind.RestartBoth);
        switch (disturbance.Kind)
        {
            case DisturbanceKind.Restart:
                Settle();
                Restart(side);
                break;
            case DisturbanceKind.RestartBoth:
                Settle();
                Restart(0);
                Restart(1);
                break;
            case DisturbanceKind.Renumber:
                host.RemoveInterface(host.Interfaces[0]);
                _world.Attach(side, _plan[side].Accesses[0]);
                break;
            case DisturbanceKind.InterfaceAdded:
                _world.Attach(side, _plan[side].Accesses[0]);
                break;
            case DisturbanceKind.Rebind:
                _world.NatsOf(side).ToList().ForEach(static nat => nat.Rebind());
                break;
            case DisturbanceKind.Flush:
                _world.NatsOf(side).ToList().ForEach(static nat => nat.Flush());
                break;
            case DisturbanceKind.ClockJump:
                host.JumpClock(disturbance.Length);
                break;
            case DisturbanceKind.Suspend when !host.IsSuspended:
                host.Suspend(disturbance.Length, clockRuns: disturbance.Length.Ticks % 2 == 0);
                Go(disturbance.Length);
                break;
            case DisturbanceKind.Cut:
                SetCut(host, true);
                Go(disturbance.Length);
                SetCut(host, false);
                break;
            case DisturbanceKind.ServerDeath:
                _world.Server.IsAnswering = false;
                break;
        }
    }

    private static void SetCut(VirtualHost host, bool isCut)
    {
        foreach (VirtualInterface one in host.Interfaces)
        {
            one.Link.IsCut = isCut;
        }
    }

    /// <summary>
    /// Restarts of both sides that cross each other twice never end: each answers the other's answer. Offer and answer keep that from happening, so the
    /// signals of a restart are waited for before another one.
    /// </summary>
    private void Settle() => RunUntil(static () => false, (_plan.SignalMost * 2) + TimeSpan.FromSeconds(1), stopsWhenFailed: false);

    private void Restart(int side)
    {
        if (_world.Agents[side].Restart())
        {
            _restarts++;
        }
    }

    /// <summary>Waits as an application does: what does not come back by itself is restarted.</summary>
    /// <returns>False where it did not come back and need not.</returns>
    private bool Recover()
    {
        bool restartsOnly = !_isChanged;

        // The consent of a way that has died expires within 30 s, and the state says so.
        Go(TimeSpan.FromSeconds(restartsOnly ? 0 : 35));
        bool recovered = RunUntil(AreCompleted, restartsOnly ? ConnectLimit : RecoveryLimit, stopsWhenFailed: false);
        if (!recovered)
        {
            Require(!restartsOnly || !IsStrict(_plan), "a restart does not come to its end");
            Settle();
            Restart(0);
            recovered = RunUntil(AreCompleted, ConnectLimit, stopsWhenFailed: false);
        }

        if (recovered)
        {
            Go(Quiet);
            bool isFresh = restartsOnly;
            if (isFresh)
            {
                CheckAgreement();
            }

            return true;
        }

        Require(!IsStrict(_plan) || !MustRecover(), "the session does not come back after a restart");
        return false;
    }

    /// <summary>
    /// Whether the reference knows that a restart helps. Server-reflexive and relayed candidates of a NAT that has forgotten its mappings are dead, and
    /// nobody gathers them again here; so only what needs none of them counts then.
    /// </summary>
    private bool MustRecover()
    {
        bool serverDied = _plan.Disturbances.Any(static one => one.Kind == DisturbanceKind.ServerDeath);
        bool mappingsDied = _plan.Disturbances.Any(static one => one.Kind is DisturbanceKind.Rebind or DisturbanceKind.Flush);
        bool moved = _plan.Disturbances.Any(static one => one.Kind is DisturbanceKind.Renumber or DisturbanceKind.InterfaceAdded);
        bool isOpen = _plan[0].Accesses.Concat(_plan[1].Accesses).All(static access => access.Kind == AccessKind.Open);
        if ((moved || mappingsDied) && !isOpen)
        {
            return false;
        }

        return serverDied ? _reach.Direct == ReachVerdict.Yes && isOpen : _reach.Any == ReachVerdict.Yes;
    }
}
