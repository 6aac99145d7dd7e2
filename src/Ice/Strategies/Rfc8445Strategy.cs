using System;
using System.Collections.Generic;
using Stack.Stun;

namespace Stack.Ice;

/// <summary>The procedures of RFC 8445 sections 6.1.4.2, 8.1.1 and 14, word by word.</summary>
internal sealed class Rfc8445Strategy : IceStrategy
{
    /// <summary>How long better pairs are waited for: the stopping criterion that section 8.1.1 leaves open.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public override TimeSpan? GetRepeat(int sent, TimeSpan rto, TimeSpan? roundTrip)
        => sent < RetransmissionSchedule.Default.MaxRequests ? RetransmissionSchedule.Default.GetWait(sent, rto) : null;

    public override TimeSpan GetFinalWait(TimeSpan rto) => rto * RetransmissionSchedule.Default.FinalWaitFactor;

    public override CandidatePair? PickNext(IReadOnlyList<CandidatePair> pairs)
    {
        CandidatePair? best = null;
        for (int i = 0; i < pairs.Count; i++)
        {
            CandidatePair pair = pairs[i];
            if (pair.State == CandidatePairState.Waiting
                && (best is null || pair.Priority > best.Priority || (pair.Priority == best.Priority && pair.ComponentId < best.ComponentId)))
            {
                best = pair;
            }
        }

        return best;
    }

    public override NominationChoice ChooseNomination(ComponentChecks component, Instant now)
    {
        CandidatePair best = component.ValidPairs[0];
        Instant due = (best.ValidSince ?? now) + Patience;
        if (now >= due)
        {
            return new NominationChoice(best, null);
        }

        foreach (CandidatePair pair in component.Pairs)
        {
            if (pair.Priority > best.Priority && pair.State is not (CandidatePairState.Succeeded or CandidatePairState.Failed))
            {
                return new NominationChoice(null, due);
            }
        }

        return component.CandidatesEnded ? new NominationChoice(best, null) : new NominationChoice(null, due);
    }
}
