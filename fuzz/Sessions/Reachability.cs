using System;
using System.Linq;
using Stack.Simulation;

namespace Stack.Fuzz.Sessions;

/// <summary>What a topology allows, from the kinds of its NATs and the presence of servers alone.</summary>
/// <param name="Direct">Whether the agents can do without a relay.</param>
/// <param name="Relayed">Whether they can connect by one.</param>
public readonly record struct Reachability(ReachVerdict Direct, ReachVerdict Relayed)
{
    /// <summary>Whether they can connect at all.</summary>
    public ReachVerdict Any => Direct > Relayed ? Direct : Relayed;

    /// <summary>Of a plan as it begins.</summary>
    public static Reachability Of(SessionPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);

        // Who keeps his candidates until a server that does not answer is given up, 39.5 s, may find that his own patience of 39.5 s has ended (RFC 8863 section 4).
        ReachVerdict most = !plan.Trickles && (MeetsSilence(plan.A) || MeetsSilence(plan.B)) ? ReachVerdict.Maybe : ReachVerdict.Yes;
        ReachVerdict direct = GetDirect(plan);
        ReachVerdict relayed = GetRelayed(plan);
        return new Reachability(direct < most ? direct : most, relayed < most ? relayed : most);
    }

    private static bool MeetsSilence(SidePlan side)
        => side.HasDeadServer || side.Accesses.Any(static access => access.Kind is AccessKind.UdpBlocked or AccessKind.Nat64);

    private static ReachVerdict GetDirect(SessionPlan plan)
    {
        if (plan.A.IsRelayOnly || plan.B.IsRelayOnly)
        {
            return ReachVerdict.No;
        }

        if (plan.Meeting == Meeting.SameLan)
        {
            return ReachVerdict.Yes;
        }

        ReachVerdict best = ReachVerdict.No;
        foreach (Access left in plan.A.Accesses)
        {
            foreach (Access right in plan.B.Accesses)
            {
                ReachVerdict verdict = Reach.Direct(Reach.Of(left), IsTold(plan.A, left), Reach.Of(right), IsTold(plan.B, right));
                best = verdict > best ? verdict : best;
            }
        }

        // The way back from the carrier's own address is a matter of its hairpinning, which the words above do not cover.
        if (plan.Meeting == Meeting.SharedCarrier && best != ReachVerdict.No)
        {
            best = plan.A.Accesses[0].Outer.Hairpinning == NatHairpinning.None ? ReachVerdict.No : ReachVerdict.Maybe;
        }

        // A TCP connection may do where UDP does not.
        bool hasTcp = plan.A.Tcp != VirtualTcpCandidates.None && plan.B.Tcp != VirtualTcpCandidates.None;
        return best == ReachVerdict.No && (hasTcp || plan.Meeting == Meeting.SharedCarrier) ? Uncertain(plan, hasTcp) : best;
    }

    private static ReachVerdict Uncertain(SessionPlan plan, bool hasTcp)
        => hasTcp || plan.A.Accesses[0].Outer.Hairpinning != NatHairpinning.None ? ReachVerdict.Maybe : ReachVerdict.No;

    private static ReachVerdict GetRelayed(SessionPlan plan)
    {
        ReachVerdict one = ByRelayOf(plan.A, plan.B);
        ReachVerdict other = ByRelayOf(plan.B, plan.A);
        return one > other ? one : other;
    }

    /// <summary>The owner has an allocation, and the peer one too, or a public address that the owner can ask a permission for.</summary>
    private static ReachVerdict ByRelayOf(SidePlan owner, SidePlan peer)
    {
        if (!owner.Accesses.Any(access => Allocates(owner, access)))
        {
            return ReachVerdict.No;
        }

        if (peer.Accesses.Any(access => Allocates(peer, access)))
        {
            return ReachVerdict.Yes;
        }

        ReachVerdict best = ReachVerdict.No;
        foreach (Access access in peer.Accesses)
        {
            Reach reach = Reach.Of(access);
            if (!peer.IsRelayOnly && !reach.Is6 && reach.PassesUdp && IsTold(peer, access))
            {
                best = reach.IsPlain || access.Kind == AccessKind.DoubleNat ? ReachVerdict.Yes : ReachVerdict.Maybe;
            }
        }

        return best;
    }

    private static bool Allocates(SidePlan side, Access access)
        => side.UsesTurnOverTcp || (side.UsesTurn && access.Kind != AccessKind.UdpBlocked);

    private static bool IsTold(SidePlan side, Access access) => Reach.Of(access).IsKnown || (side.UsesStun && access.Kind is not (AccessKind.UdpBlocked or AccessKind.Nat64));
}
