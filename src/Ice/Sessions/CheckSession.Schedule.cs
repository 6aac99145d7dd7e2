using System;
using Stack.Stun;

namespace Stack.Ice;

// Which check is next, and when: RFC 8445 sections 6.1.4 and 14.
internal sealed partial class CheckSession
{
    private static readonly TimeSpan TransactionLifetime = TimeSpan.FromSeconds(40);

    /// <summary>Does what is due: fails what was never answered, begins checks, asks for consent, nominates.</summary>
    /// <param name="now">The time.</param>
    /// <param name="isCurrent">False for the session that a restart replaces: it keeps its paths alive, no more.</param>
    public void Advance(Instant now, bool isCurrent)
    {
        ExpireConsent(now);
        if (isCurrent && Remote is not null && !_context.Options.IsLite)
        {
            ExpireChecks(now);
            Conclude(now);
            ChooseNominations(now);
            SendChecks(now);
        }

        if (isCurrent)
        {
            Conclude(now);
        }

        Sweep(now);
    }

    /// <summary>When there is something to do; null for never.</summary>
    public Instant? GetNextTimeout(Instant now, bool isCurrent)
    {
        Instant? next = null;
        if (isCurrent && Remote is not null && !_context.Options.IsLite)
        {
            if (PeekWork(now, out bool urgent, out _) is not null)
            {
                next = _context.Budget.GetEarliest(urgent && Strategy.SendsTriggeredChecksAtOnce, now);
            }

            foreach (Checklist checklist in Checklists)
            {
                foreach (CandidatePair pair in checklist.Pairs)
                {
                    // A repeat that is due waits for the budget, which is counted above.
                    if (pair.Check.NextRequest is { } at && (at > now || !Strategy.RepeatsAreNewTransactions))
                    {
                        Earlier(ref next, at);
                    }

                    Earlier(ref next, pair.Check.FailsAt);
                }

                foreach (ComponentChecks component in checklist.Components)
                {
                    Earlier(ref next, component.NominationDue);
                }

                if (checklist.State == ChecklistState.Running && _patienceEnds > now && !checklist.HasOpenPairs && !HasValidEverywhere(checklist))
                {
                    Earlier(ref next, _patienceEnds);
                }
            }
        }

        Earlier(ref next, GetConsentTimeout());
        return next;
    }

    private static void Earlier(ref Instant? next, Instant? other)
    {
        if (other is { } at && (next is null || at < next))
        {
            next = at;
        }
    }

    private void ExpireChecks(Instant now)
    {
        // Nothing may be sent to those that are left; a check of theirs brings them back.
        bool spent = HasReachedUnvalidatedLimit;
        foreach (Checklist checklist in Checklists)
        {
            for (int i = checklist.Pairs.Count - 1; i >= 0; i--)
            {
                CandidatePair pair = checklist.Pairs[i];
                if (pair.Check.FailsAt <= now || (spent && !pair.Check.IsQueued && pair.State is CandidatePairState.Waiting or CandidatePairState.Frozen))
                {
                    Fail(pair, now);
                }
                else if (!Strategy.RepeatsAreNewTransactions && pair.Check.NextRequest <= now)
                {
                    Repeat(checklist, pair, now);
                }
            }
        }
    }

    /// <summary>Retransmits. Where the request is void, as after a change of the role, a new transaction follows, which is paced like any other.</summary>
    private void Repeat(Checklist checklist, CandidatePair pair, Instant now)
    {
        if (_transactions.ContainsKey(pair.Check.Last))
        {
            Send(pair, now, retransmits: true);
        }
        else
        {
            checklist.Enqueue(pair);
        }
    }

    private void SendChecks(Instant now)
    {
        while (PeekWork(now, out bool urgent, out Checklist? checklist) is { } pair)
        {
            if (!_context.Budget.TryTake(urgent && Strategy.SendsTriggeredChecksAtOnce, now))
            {
                return;
            }

            if (pair.Check.IsQueued)
            {
                checklist!.DequeueTriggered();
                pair.Check.Sent = 0;
            }

            _nextChecklist = (checklist!.Stream + 1) % Checklists.Length;
            Start(pair, now);
        }
    }

    /// <summary>The next check: triggered ones, repeats that are likely to be answered, ordinary ones, other repeats; the checklists take turns.</summary>
    private CandidatePair? PeekWork(Instant now, out bool urgent, out Checklist? checklist)
    {
        urgent = true;
        for (int i = 0; i < Checklists.Length; i++)
        {
            checklist = Checklists[(_nextChecklist + i) % Checklists.Length];
            if ((checklist.PeekTriggered() ?? PeekRepeat(checklist, now, likely: true)) is { } pair)
            {
                return pair;
            }
        }

        urgent = false;
        for (int i = 0; i < Checklists.Length; i++)
        {
            checklist = Checklists[(_nextChecklist + i) % Checklists.Length];
            if (checklist.State == ChecklistState.Running && (PeekOrdinary(checklist) ?? PeekRepeat(checklist, now, likely: false)) is { } pair)
            {
                return pair;
            }
        }

        checklist = null;
        return null;
    }

    private CandidatePair? PeekOrdinary(Checklist checklist)
    {
        if (HasReachedUnvalidatedLimit)
        {
            return null;
        }

        CandidatePair? pair = Strategy.PickNext(checklist.Pairs);
        if (pair is null && Thaw(checklist))
        {
            pair = Strategy.PickNext(checklist.Pairs);
        }

        return pair;
    }

    private bool HasReachedUnvalidatedLimit => _context.UnvalidatedBytes >= _context.Limits.MaxUnvalidatedBytes;

    private CandidatePair? PeekRepeat(Checklist checklist, Instant now, bool likely)
    {
        if (!Strategy.RepeatsAreNewTransactions)
        {
            return null;
        }

        CandidatePair? first = null;
        foreach (CandidatePair pair in checklist.Pairs)
        {
            if (pair.Check.NextRequest <= now && likely == (pair.Check.IsTriggered || pair.Check.Nominates)
                && (first is null || pair.Check.NextRequest < first.Check.NextRequest))
            {
                first = pair;
            }
        }

        return first;
    }

    /// <summary>RFC 8445 section 6.1.4.2 step 2: a frozen pair whose foundation nobody is busy with.</summary>
    private bool Thaw(Checklist checklist)
    {
        foreach (CandidatePair frozen in checklist.Pairs)
        {
            if (frozen.State == CandidatePairState.Frozen && (Strategy.UnfreezesWhenIdle || !IsFoundationBusy(frozen)))
            {
                frozen.State = CandidatePairState.Waiting;
                return true;
            }
        }

        return false;
    }

    private bool IsFoundationBusy(CandidatePair frozen)
    {
        foreach (Checklist checklist in Checklists)
        {
            foreach (CandidatePair pair in checklist.Pairs)
            {
                // Nobody checks what waits in a checklist that has come to its end.
                if ((pair.State == CandidatePairState.InProgress || (pair.State == CandidatePairState.Waiting && checklist.State == ChecklistState.Running))
                    && pair.HasFoundationOf(frozen))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private void Start(CandidatePair pair, Instant now)
    {
        if (pair.State != CandidatePairState.InProgress || pair.Check.Sent == 0)
        {
            if (pair.State != CandidatePairState.Succeeded)
            {
                pair.State = CandidatePairState.InProgress;
            }

            pair.Check.Sent = 0;
            pair.Check.Rto = GetRto();
        }

        if (pair.Base.IsTcp && !pair.Base.Connections.Contains(pair.RemoteAddress))
        {
            Connect(pair, now);
            return;
        }

        Send(pair, now, retransmits: false);
    }

    private void Connect(CandidatePair pair, Instant now)
    {
        pair.Check.NextRequest = null;
        pair.Check.FailsAt = now + RetransmissionSchedule.Default.ReliableTimeout;
        if (pair.Base.TcpType == TcpCandidateType.Passive)
        {
            // The connection that the check came over has gone, and nobody can be connected to.
            pair.Check.FailsAt = now;
        }
        else if (pair.Base.Connecting.Add(pair.RemoteAddress))
        {
            _context.Events.Enqueue(new IceEvent { Kind = IceEventKind.ConnectionWanted, Stream = pair.Stream, ComponentId = pair.ComponentId, BaseId = pair.BaseId, Remote = pair.RemoteAddress });
        }
    }

    /// <summary>A TCP connection stands: checks that waited for it go out.</summary>
    public void HandleConnected(LocalBase localBase, TransportAddress remote, Instant now)
    {
        if (FindPair(GetComponent(localBase), localBase, remote) is { State: CandidatePairState.InProgress, IsRemoved: false } pair)
        {
            pair.Check.IsTriggered = true;
            Checklists[pair.Stream].Enqueue(pair);
        }

        _ = now;
    }

    /// <summary>A TCP connection has ended, or could not be made (RFC 6544 section 7.1).</summary>
    public void HandleConnectionLost(LocalBase localBase, TransportAddress remote, Instant now)
    {
        ComponentChecks component = GetComponent(localBase);
        if (FindPair(component, localBase, remote) is { } pair)
        {
            Checklist checklist = Checklists[pair.Stream];
            bool reopens = pair is { IsValid: true, IsNominated: true, IsRemoved: false };
            if (reopens)
            {
                Reopen(checklist, component, pair);
            }
            else
            {
                if (pair.IsValid)
                {
                    Invalidate(checklist, component, pair);
                }

                if (!pair.IsRemoved)
                {
                    Fail(pair, now);
                }
            }

            Conclude(now);
        }
    }

    /// <summary>
    /// The connection of the selected pair has closed (RFC 6544 section 11.1): it stays selected; the active side opens another one and checks it before
    /// data flows again, the passive side waits for that.
    /// </summary>
    private static void Reopen(Checklist checklist, ComponentChecks component, CandidatePair pair)
    {
        pair.IsValid = false;
        pair.Consent = default;
        component.ValidList.Remove(pair);
        pair.State = CandidatePairState.Failed;
        if (pair.Base.TcpType != TcpCandidateType.Passive)
        {
            pair.Check.Unanswered = 0;
            checklist.Enqueue(pair);
        }
    }

    private void Send(CandidatePair pair, Instant now, bool retransmits)
    {
        ref PairCheck check = ref pair.Check;

        // The bound is for addresses that the peer merely claims. One that its checks come from may be asked as often again.
        int limit = _context.Limits.MaxTransmissions * (pair.RequestsReceived != 0 ? 2 : 1);
        if (check.Unanswered >= limit)
        {
            // Each authenticated request of the peer is worth one of ours, and no more.
            if (check.Invitations == 0)
            {
                check.NextRequest = null;
                check.FailsAt ??= now + Strategy.GetFinalWait(check.Rto);
                return;
            }

            check.Invitations--;
        }

        check.Sent++;
        check.Unanswered++;
        bool mayRepeat = check.Unanswered < limit || check.Invitations > 0;
        TimeSpan? repeat = mayRepeat && !pair.Base.IsTcp ? Strategy.GetRepeat(check.Sent, check.Rto, pair.RoundTripTime) : null;
        check.NextRequest = repeat is { } wait && !(HasReachedUnvalidatedLimit && pair.ResponsesReceived == 0) ? now + wait : null;
        check.FailsAt = check.NextRequest is not null ? null
            : pair.Base.IsTcp ? now + RetransmissionSchedule.Default.ReliableTimeout
            : now + Strategy.GetFinalWait(check.Rto);
        _requests.Enqueue(new PendingRequest(pair, false, retransmits ? check.Last : null));
    }

    private TimeSpan GetRto()
    {
        int total = 0;
        int open = 0;
        foreach (Checklist checklist in Checklists)
        {
            total += checklist.Pairs.Count;
            foreach (CandidatePair pair in checklist.Pairs)
            {
                open += pair.State is CandidatePairState.Waiting or CandidatePairState.InProgress ? 1 : 0;
            }
        }

        return Strategy.GetRto(Ta, total, open);
    }

    /// <summary>Forgets requests that nobody will answer any more.</summary>
    private void Sweep(Instant now)
    {
        if (_transactions.Count == 0 || now - _swept < TimeSpan.FromSeconds(1))
        {
            return;
        }

        _swept = now;
        foreach ((TransactionId id, CheckTransaction transaction) in _transactions)
        {
            // What may still be sent again is kept: with many pairs the RTO is long (RFC 8445 section 14.3).
            bool isOpen = transaction.Pair.State == CandidatePairState.InProgress && transaction.Pair.Check.Last == id;
            if (now - transaction.SentAt > TransactionLifetime && !isOpen)
            {
                _transactions.Remove(id);
            }
        }
    }
}
