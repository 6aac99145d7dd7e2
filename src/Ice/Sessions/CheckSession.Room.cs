using System;

namespace Stack.Ice;

// The bounds of the checklists, and what makes room in them: RFC 8445 section 6.1.2.5, RFC 8838 section 10.
internal sealed partial class CheckSession
{
    // Requests that a pair has had its chance with, where another kind of pair waits for room.
    private const int FairTrials = 3;

    // Local relayed or not, by four types of remote candidates.
    private const int Kinds = 8;

    /// <param name="pair">The pair that is to be added.</param>
    /// <param name="isInvited">Whether an authenticated check has come from its remote candidate, which is no mere claim of the peer's.</param>
    private bool MakeRoom(CandidatePair pair, bool isInvited)
    {
        int total = 0;
        int toAddress = 0;
        foreach (Checklist checklist in Checklists)
        {
            total += checklist.Pairs.Count;
            foreach (CandidatePair other in checklist.Pairs)
            {
                toAddress += other.ComponentId == pair.ComponentId && other.Stream == pair.Stream && other.RemoteAddress.HasSameAddress(pair.RemoteAddress) ? 1 : 0;
            }
        }

        if (!isInvited && toAddress >= _context.Limits.MaxPairsPerRemoteAddress)
        {
            return false;
        }

        if (total < _context.Limits.MaxPairs)
        {
            return true;
        }

        CandidatePair? victim = FindFailed() ?? (Strategy.KeepsEachKind ? FindSpare(pair) : FindLowest(pair));
        if (victim is null)
        {
            return false;
        }

        Checklists[victim.Stream].Remove(victim);
        return true;
    }

    private static bool IsIdle(CandidatePair pair) => !pair.IsValid && pair.State != CandidatePairState.InProgress && !pair.Check.IsQueued;

    private static int KindOf(CandidatePair pair) => (pair.Base.IsRelayed ? 4 : 0) + (int)pair.Remote.Type;

    private CandidatePair? FindFailed()
    {
        foreach (Checklist checklist in Checklists)
        {
            foreach (CandidatePair pair in checklist.Pairs)
            {
                if (pair.State == CandidatePairState.Failed && IsIdle(pair))
                {
                    return pair;
                }
            }
        }

        return null;
    }

    private CandidatePair? FindLowest(CandidatePair pair)
    {
        CandidatePair? lowest = null;
        foreach (Checklist checklist in Checklists)
        {
            foreach (CandidatePair other in checklist.Pairs)
            {
                if (IsIdle(other) && other.Priority < (lowest ?? pair).Priority)
                {
                    lowest = other;
                }
            }
        }

        return lowest;
    }

    /// <summary>
    /// A pair of the component that has most of them, so that each is reduced by as much, and one that its component has another of that kind of: by
    /// priority alone the pairs of relays, which work where no other does, would be the first to go.
    /// </summary>
    private CandidatePair? FindSpare(CandidatePair pair)
    {
        Span<int> own = stackalloc int[Kinds];
        int ownCount = CountKinds(Checklists[pair.Stream].GetComponent(pair), own);
        bool isFirst = own[KindOf(pair)] == 0;
        CandidatePair? spare = null;
        int most = 0;
        Span<int> counts = stackalloc int[Kinds];
        foreach (Checklist checklist in Checklists)
        {
            foreach (ComponentChecks component in checklist.Components)
            {
                int count = CountKinds(component, counts);
                bool isFuller = count > ownCount + 1;
                foreach (CandidatePair other in component.PairList)
                {
                    bool isFree = IsIdle(other) || (isFirst && HasHadItsChance(other));
                    if (isFree && counts[KindOf(other)] > 1 && (isFirst || isFuller || other.Priority < pair.Priority)
                        && (count > most || (count == most && other.Priority < spare!.Priority)))
                    {
                        spare = other;
                        most = count;
                    }
                }
            }
        }

        return spare ?? (isFirst ? FindLowest(pair) : null);
    }

    private static bool HasHadItsChance(CandidatePair pair)
        => pair is { State: CandidatePairState.InProgress, IsValid: false, ResponsesReceived: 0, RequestsReceived: 0, RequestsSent: >= FairTrials } && !pair.Check.IsQueued;

    private static int CountKinds(ComponentChecks component, Span<int> counts)
    {
        counts.Clear();
        foreach (CandidatePair pair in component.PairList)
        {
            counts[KindOf(pair)]++;
        }

        return component.PairList.Count;
    }
}
