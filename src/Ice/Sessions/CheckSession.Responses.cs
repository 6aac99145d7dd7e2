using Stack.Stun;

namespace Stack.Ice;

// Answers to our checks: RFC 8445 section 7.2.5, RFC 7675 section 5.
internal sealed partial class CheckSession
{
    public IceDisposition HandleResponse(LocalBase localBase, TransportAddress source, StunMessage message, Instant now)
    {
        TransactionId id = message.TransactionId;
        if (!_transactions.TryGetValue(id, out CheckTransaction transaction))
        {
            return IceDisposition.UnknownTransaction;
        }

        CandidatePair pair = transaction.Pair;
        if (!VerifiedStunMessage.TryVerify(message, RemoteKey!, out _))
        {
            // As if it had never come (RFC 8489 section 9.1.4); what it says may still explain a failure.
            if (message.Class == StunClass.ErrorResponse && message.ReadErrorCode(out StunErrorCode hint, out _) == StunAttributeStatus.Present)
            {
                pair.LastError = hint;
                WasRefused |= hint is StunErrorCode.Unauthenticated or StunErrorCode.BadRequest;
            }

            return IceDisposition.Unauthenticated;
        }

        _transactions.Remove(id);
        if (pair.IsBarred)
        {
            return IceDisposition.Taken;
        }

        if (localBase != pair.Base || source != pair.RemoteAddress)
        {
            // RFC 8445 section 7.2.5.2.1. For consent it does not count, no more. A refusal of the role comes first (section 7.2.5): the peer's NAT may
            // show another port with each answer, and nothing but the role keeps the peer from asking in return.
            if (message.Class == StunClass.ErrorResponse && message.ReadErrorCode(out StunErrorCode refusal, out _) == StunAttributeStatus.Present
                && refusal == StunErrorCode.RoleConflict)
            {
                HandleRoleConflict(pair, transaction, isSymmetric: false);
                Conclude(now);
            }
            else if (!transaction.IsConsent)
            {
                Fail(pair, now);
                Conclude(now);
            }

            return IceDisposition.NotExpected;
        }

        localBase.Remember(source);
        if (message.Class == StunClass.SuccessResponse)
        {
            HandleSuccess(pair, transaction, message, now);
        }
        else
        {
            HandleError(pair, transaction, message, now);
        }

        Conclude(now);
        return IceDisposition.Taken;
    }

    /// <summary>A hard ICMP error, or the operating system's refusal (RFC 8445 section 7.2.5.2.2).</summary>
    public void HandleUnreachable(LocalBase localBase, TransportAddress destination, Instant now)
    {
        // A pair that has answered keeps its consent until it expires: errors can be forged (RFC 8445 section 7.2.5.2.2, RFC 7675 section 5.2).
        CandidatePair? pair = FindPair(GetComponent(localBase), localBase, destination);
        if (pair is { IsValid: false, IsRemoved: false } && pair.State == CandidatePairState.InProgress && !pair.Check.IsTriggered && _context.Strategy.FailsOnUnreachable)
        {
            Fail(pair, now);
            Conclude(now);
        }
    }

    private void HandleSuccess(CandidatePair pair, in CheckTransaction transaction, StunMessage message, Instant now)
    {
        if (message.ReadXorMappedAddress(out TransportAddress mapped) != StunAttributeStatus.Present
            || message.CollectUnknownAttributes(CheckAttributes.Understood, stackalloc StunAttributeType[1]) != 0)
        {
            if (!transaction.IsConsent)
            {
                Fail(pair, now);
            }

            return;
        }

        pair.ResponsesReceived++;
        pair.Check.Unanswered = 0;
        if (!transaction.IsRetransmitted)
        {
            pair.RoundTripTime = now - transaction.SentAt;
        }

        if (pair.IsValid)
        {
            GiveConsent(pair, now);
        }

        if (!transaction.IsConsent && !pair.IsRemoved)
        {
            Succeed(pair, mapped, transaction, now);
        }
    }

    private void HandleError(CandidatePair pair, in CheckTransaction transaction, StunMessage message, Instant now)
    {
        if (message.ReadErrorCode(out StunErrorCode code, out _) != StunAttributeStatus.Present)
        {
            return;
        }

        pair.LastError = code;
        if (code == StunErrorCode.RoleConflict)
        {
            HandleRoleConflict(pair, transaction, isSymmetric: true);
        }
        else if (code == StunErrorCode.Forbidden && pair.IsValid)
        {
            // Taken back at once, whichever request it answers (RFC 7675 section 5.2).
            LoseConsent(pair);
        }
        else if (!transaction.IsConsent && (int)code is < 500 or > 599)
        {
            // An error of the server may pass: the check goes on (RFC 8489 section 6.3.4).
            Fail(pair, now);
        }
    }

    /// <summary>RFC 8445 section 7.2.5.1. A refusal of the role that we have left already, no more, leads to another check alone.</summary>
    private void HandleRoleConflict(CandidatePair pair, in CheckTransaction transaction, bool isSymmetric)
    {
        if (transaction.Role == _context.Roles.Role && transaction.TieBreaker == _context.Roles.TieBreaker && !_context.Options.IsLite)
        {
            if (_context.Roles.Switches >= _context.Limits.MaxRoleSwitches)
            {
                _context.Failure = IceFailureReason.RoleConflict;
                FailAll();
                return;
            }

            SwitchRole(refused: true);
        }

        if (!transaction.IsConsent && !pair.IsRemoved && pair.State != CandidatePairState.Succeeded)
        {
            pair.Check.IsTriggered = true;
            pair.Check.Unanswered = isSymmetric ? 0 : pair.Check.Unanswered;
            Checklists[pair.Stream].Enqueue(pair);
        }
    }

    public void SwitchRole(bool refused)
    {
        _context.Roles.Switch(refused);
        RecomputePriorities();
        foreach (Checklist checklist in Checklists)
        {
            foreach (ComponentChecks component in checklist.Components)
            {
                // A nomination in the role that was wrong is void on either side.
                component.Nominating = null;
                component.NominationDue = null;
                foreach (CandidatePair pair in component.PairList)
                {
                    // A request of the old role is not sent again: the next one is a new transaction.
                    pair.Check.Nominates = false;
                    pair.Check.Last = default;
                }
            }
        }

        _context.Events.Enqueue(new IceEvent { Kind = IceEventKind.RoleChanged, Role = _context.Roles.Role });
    }

    /// <summary>RFC 8445 sections 7.2.5.3.1 to 7.2.5.3.4.</summary>
    private void Succeed(CandidatePair pair, TransportAddress mapped, in CheckTransaction transaction, Instant now)
    {
        Checklist checklist = Checklists[pair.Stream];
        ComponentChecks component = checklist.GetComponent(pair);
        if (transaction.Nominates || !pair.Check.Nominates)
        {
            // The answer to a request before the nomination does not end the nomination.
            pair.State = CandidatePairState.Succeeded;
            pair.Check.NextRequest = null;
            pair.Check.FailsAt = null;
            pair.Check.IsQueued = false;
        }

        CandidatePair valid = FindValid(component, pair, mapped);
        if (valid != pair)
        {
            valid.State = CandidatePairState.Succeeded;
            valid.Check.NextRequest = null;
            valid.Check.FailsAt = null;
            valid.Check.IsQueued = false;
        }

        Validate(checklist, valid, now);
        Unfreeze(pair);
        if (transaction.Nominates && IsControlling && transaction.Role == IceRole.Controlling)
        {
            Nominate(valid, now);
        }
        else if (!IsControlling && (pair.NominatedByPeer || valid.NominatedByPeer))
        {
            Nominate(valid, now);
        }
    }

    /// <summary>The pair that the answer proves: with the local candidate that the peer sees, which may be new (RFC 8445 section 7.2.5.3.2).</summary>
    private CandidatePair FindValid(ComponentChecks component, CandidatePair pair, TransportAddress mapped)
    {
        foreach (LocalBase other in _context.Bases.Values)
        {
            if (other.Stream != pair.Stream || other.ComponentId != pair.ComponentId || other.Transport != pair.Base.Transport)
            {
                continue;
            }

            foreach (Candidate candidate in other.Candidates)
            {
                if (candidate.Address != mapped)
                {
                    continue;
                }

                if (other == pair.Base)
                {
                    pair.Local = candidate;
                    SetPriority(pair);
                    return pair;
                }

                if (FindPair(component, other, pair.RemoteAddress) is { IsBarred: false } twin)
                {
                    twin.Producer = pair;
                    return twin;
                }
            }
        }

        if (pair.Base.Address == mapped)
        {
            return pair;
        }

        pair.Local = new Candidate
        {
            Foundation = pair.Base.PeerReflexiveFoundation,
            ComponentId = pair.ComponentId,
            Transport = pair.Base.Transport,
            TcpType = pair.Base.TcpType,
            Priority = pair.CheckPriority,
            Address = mapped,
            Type = CandidateType.PeerReflexive,
            RelatedAddress = pair.Base.Address,
        };
        if (pair.Base.Candidates.Count < _context.Limits.MaxPeerReflexive)
        {
            pair.Base.Candidates.Add(pair.Local);
        }

        SetPriority(pair);
        return pair;
    }

    private void Validate(Checklist checklist, CandidatePair pair, Instant now)
    {
        ComponentChecks component = checklist.GetComponent(pair);
        if (!pair.IsValid)
        {
            pair.IsValid = true;
            pair.ValidSince = now;
            component.ValidList.Add(pair);
            pair.Consent.LastSent = now;
            pair.Consent.NextRequest = null;
        }

        GiveConsent(pair, now);
        checklist.Sort(component);
    }

    private void Unfreeze(CandidatePair succeeded)
    {
        foreach (Checklist checklist in Checklists)
        {
            foreach (CandidatePair pair in checklist.Pairs)
            {
                if (pair.State == CandidatePairState.Frozen && pair.HasFoundationOf(succeeded))
                {
                    pair.State = CandidatePairState.Waiting;
                }
            }
        }
    }
}
