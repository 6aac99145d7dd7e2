using System;
using System.Collections.Generic;
using Stack.Stun;

namespace Stack.Ice;

/// <summary>Connects as soon as the network allows, and nominates when nothing better is likely to come.</summary>
internal sealed class PromptStrategy : IceStrategy
{
    // A lost first request must not cost 500 ms: new transactions follow, within the budget, until retransmission would have begun.
    private static readonly TimeSpan[] Repeats =
    [
        TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(500),
        TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2),
    ];

    // Requests that leave a pair that works unanswered with small likelihood, even where a quarter is lost.
    private const int FairTrials = 3;

    // A better pair that the peer's checks come over works; only our own check has not been answered yet.
    private static readonly TimeSpan Hope = TimeSpan.FromSeconds(5);

    // More than the longest time between two consent checks of a peer.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(7);

    public override TimeSpan? ProposedPacing => TimeSpan.FromMilliseconds(20);

    public override int Credit => 20;

    public override bool SendsTriggeredChecksAtOnce => true;

    public override bool RepeatsAreNewTransactions => true;

    public override bool UnfreezesWhenIdle => true;

    public override bool KeepsEachKind => true;

    // Errors can be forged, and come from NATs that the peer is about to open.
    public override bool FailsOnUnreachable => false;

    // Scaling with the number of checks keeps the rate constant; here the budget does that.
    public override TimeSpan GetRto(TimeSpan ta, int total, int open) => RetransmissionSchedule.Default.InitialRto;

    public override TimeSpan? GetRepeat(int sent, TimeSpan rto, TimeSpan? roundTrip)
    {
        if (sent > Repeats.Length)
        {
            return null;
        }

        // Where the answer is known to take its time, asking again before it is of no use.
        TimeSpan expected = (roundTrip ?? TimeSpan.Zero) * 1.5;
        return expected > Repeats[sent - 1] ? expected : Repeats[sent - 1];
    }

    public override TimeSpan GetFinalWait(TimeSpan rto) => rto * RetransmissionSchedule.Default.FinalWaitFactor;

    /// <summary>
    /// Of the kinds of pairs that have been tried least, the best: twenty addresses in networks that cannot be reached are tried one at a time, between
    /// pairs of all other kinds.
    /// </summary>
    public override CandidatePair? PickNext(IReadOnlyList<CandidatePair> pairs)
    {
        CandidatePair? best = null;
        int bestTried = 0;
        for (int i = 0; i < pairs.Count; i++)
        {
            CandidatePair pair = pairs[i];
            if (pair.State != CandidatePairState.Waiting)
            {
                continue;
            }

            int tried = CountTried(pairs, pair);
            if (best is null || tried < bestTried || (tried == bestTried && pair.Priority > best.Priority))
            {
                best = pair;
                bestTried = tried;
            }
        }

        return best;
    }

    public override NominationChoice ChooseNomination(ComponentChecks component, Instant now)
    {
        CandidatePair best = GetBest(component)!;
        bool better = false;
        bool heard = false;
        bool tried = true;
        foreach (CandidatePair pair in component.Pairs)
        {
            bool isOpen = pair.Priority > best.Priority && pair.State is not (CandidatePairState.Succeeded or CandidatePairState.Failed);
            better |= isOpen;
            heard |= isOpen && pair.RequestsReceived != 0;
            tried &= !isOpen || pair.RequestsSent >= FairTrials;
        }

        if (!better && (component.CandidatesEnded || IsDirect(best)))
        {
            return new NominationChoice(best, null);
        }

        // Data flows meanwhile: waiting for a better pair costs nothing, and a nomination cannot be taken back.
        Instant due = (best.ValidSince ?? now) + GetPatience(best, tried) + (heard ? Hope : TimeSpan.Zero);
        return now >= due ? new NominationChoice(best, null) : new NominationChoice(null, due);
    }

    /// <summary>
    /// The selected or the best pair, unless the peer asks for consent over another valid one alone: then its NAT has given it another address, and the
    /// first one is dead though its consent has not expired yet.
    /// </summary>
    public override CandidatePair? ChoosePath(ComponentChecks component)
    {
        ArgumentNullException.ThrowIfNull(component);
        CandidatePair? chosen = component.Selected is { IsValid: true } selected ? selected : GetBest(component);
        if (chosen is null)
        {
            return null;
        }

        IReadOnlyList<CandidatePair> valid = component.ValidPairs;
        for (int i = 0; i < valid.Count; i++)
        {
            if (valid[i].LastRequest - (chosen.LastRequest ?? chosen.ValidSince) > Silence)
            {
                chosen = valid[i];
            }
        }

        return chosen;
    }

    /// <summary>
    /// The first valid pair that is not relayed, or else the first: a peer-reflexive candidate whose base is a relay has the priority of its type
    /// (RFC 8445 section 7.1.1), above that of a server-reflexive one, and a way through the TURN server would win over the direct one.
    /// </summary>
    private static CandidatePair? GetBest(ComponentChecks component)
    {
        IReadOnlyList<CandidatePair> valid = component.ValidPairs;
        for (int i = 0; i < valid.Count; i++)
        {
            if (!valid[i].IsRelayed)
            {
                return valid[i];
            }
        }

        return valid.Count == 0 ? null : valid[0];
    }

    private static bool IsDirect(CandidatePair pair) => pair.Local.Type == CandidateType.Host && pair.Remote.Type == CandidateType.Host;

    /// <param name="pair">The best valid pair.</param>
    /// <param name="tried">Whether all better ones have had their chance, though an answer may still come.</param>
    private static TimeSpan GetPatience(CandidatePair pair, bool tried)
    {
        TimeSpan trips = (pair.RoundTripTime ?? TimeSpan.Zero) * 3;
        return trips + TimeSpan.FromMilliseconds(pair.IsRelayed ? 3000 : IsDirect(pair) ? 100 : tried ? 300 : 500);
    }

    private static int CountTried(IReadOnlyList<CandidatePair> pairs, CandidatePair pair)
    {
        int tried = 0;
        Neighbourhood neighbourhood = Neighbourhood.Of(pair);
        for (int i = 0; i < pairs.Count; i++)
        {
            CandidatePair other = pairs[i];
            if (other.State is CandidatePairState.InProgress or CandidatePairState.Failed
                && other.Base == pair.Base
                && other.Remote.Type == pair.Remote.Type
                && Neighbourhood.Of(other) == neighbourhood)
            {
                tried++;
            }
        }

        return tried;
    }
}
