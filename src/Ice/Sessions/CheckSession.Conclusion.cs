using System;
using Stack.Stun;

namespace Stack.Ice;

// Failing, nominating and concluding: RFC 8445 sections 7.2.5.2, 7.2.5.3.4, 7.2.5.4 and 8.1, RFC 8838 section 8, RFC 8863 section 4.
internal sealed partial class CheckSession
{
    public static bool HasValidEverywhere(Checklist checklist)
    {
        foreach (ComponentChecks component in checklist.Components)
        {
            if (component.ValidList.Count == 0 && !component.IsAbsent)
            {
                return false;
            }
        }

        return true;
    }

    public bool AreAll(ChecklistState state)
    {
        foreach (Checklist checklist in Checklists)
        {
            if (checklist.State != state)
            {
                return false;
            }
        }

        return true;
    }

    public bool IsAny(ChecklistState state)
    {
        foreach (Checklist checklist in Checklists)
        {
            if (checklist.State == state)
            {
                return true;
            }
        }

        return false;
    }

    private void Fail(CandidatePair pair, Instant now)
    {
        Checklist checklist = Checklists[pair.Stream];
        ComponentChecks component = checklist.GetComponent(pair);
        bool nominating = pair.Check.Nominates || component.Nominating == pair || (pair.NominatedByPeer && !pair.IsNominated);
        pair.State = CandidatePairState.Failed;
        pair.Check.NextRequest = null;
        pair.Check.FailsAt = null;
        pair.Check.IsQueued = false;
        pair.Check.Nominates = false;
        pair.Check.IsTriggered = false;
        if (nominating)
        {
            // The pair is out; where there is another valid one, that is nominated instead (RFC 8445 section 7.2.5.3.4 would fail the checklist).
            Invalidate(checklist, component, pair);
            if (FindProduct(component, pair) is { } product)
            {
                Invalidate(checklist, component, product);
            }
        }

        _ = now;
    }

    /// <summary>A valid pair is of no use any more: its nomination failed, its base has gone, or its consent.</summary>
    private static void Invalidate(Checklist checklist, ComponentChecks component, CandidatePair pair)
    {
        pair.IsValid = false;
        pair.State = CandidatePairState.Failed;
        pair.Check.NextRequest = null;
        pair.Check.FailsAt = null;
        pair.Check.IsQueued = false;
        pair.Consent = default;
        component.ValidList.Remove(pair);
        if (component.Nominating == pair)
        {
            component.Nominating = null;
        }

        if (component.Selected == pair)
        {
            component.Selected = null;
            foreach (CandidatePair other in component.ValidList)
            {
                if (other.IsNominated)
                {
                    component.Selected = other;
                    break;
                }
            }
        }

        _ = checklist;
    }

    /// <summary>Whether the session has failed for good: nothing but a restart can help.</summary>
    private bool IsOver => _context.Failure == IceFailureReason.RoleConflict;

    /// <summary>The roles cannot be settled: the peer and we take turns for ever.</summary>
    public void FailRoles(Instant now)
    {
        _context.Failure = IceFailureReason.RoleConflict;
        FailAll();
        Conclude(now);
    }

    /// <summary>Two lite agents: each component takes its best pair, without a check (RFC 8445 section 8.2).</summary>
    public void ConcludeLite(Instant now)
    {
        foreach (Checklist checklist in Checklists)
        {
            foreach (ComponentChecks component in checklist.Components)
            {
                CandidatePair? best = null;
                foreach (LocalBase localBase in _context.Bases.Values)
                {
                    foreach (Candidate remote in component.Remotes)
                    {
                        if (localBase.Stream == checklist.Stream && localBase.ComponentId == component.ComponentId && CanPair(localBase, remote))
                        {
                            var pair = new CandidatePair(localBase, remote);
                            SetPriority(pair);
                            best = best is null || pair.Priority > best.Priority ? pair : best;
                        }
                    }
                }

                if (best is not null && component.Selected is null)
                {
                    best.State = CandidatePairState.Succeeded;
                    checklist.Add(best);
                    Validate(checklist, best, now);
                    Nominate(best, now);
                }
            }
        }
    }

    private void FailAll()
    {
        foreach (Checklist checklist in Checklists)
        {
            foreach (CandidatePair pair in checklist.Pairs.ToArray())
            {
                Invalidate(checklist, checklist.GetComponent(pair), pair);
            }

            foreach (ComponentChecks component in checklist.Components)
            {
                foreach (CandidatePair pair in component.ValidList.ToArray())
                {
                    Invalidate(checklist, component, pair);
                }
            }

            FailChecklist(checklist);
        }
    }

    /// <summary>Asks the strategy of a controlling agent for the pairs to nominate (RFC 8445 section 8.1.1).</summary>
    private void ChooseNominations(Instant now)
    {
        foreach (Checklist checklist in Checklists)
        {
            foreach (ComponentChecks component in checklist.Components)
            {
                component.NominationDue = null;
                if (!IsControlling || component.Selected is not null || component.Nominating is not null || component.ValidList.Count == 0
                    || checklist.State != ChecklistState.Running || component.HasNominated)
                {
                    continue;
                }

                NominationChoice choice = Strategy.ChooseNomination(component, now);
                if (choice.Pair is not { IsValid: true } pair)
                {
                    component.NominationDue = choice.AskAgain > now ? choice.AskAgain : null;
                    continue;
                }

                // The check that has made the pair valid is repeated, with USE-CANDIDATE.
                CandidatePair check = pair.Producer is { IsRemoved: false } producer ? producer : pair;
                component.Nominating = pair;
                check.Check.Nominates = true;
                check.Check.Unanswered = 0;
                checklist.Enqueue(check);
            }
        }
    }

    /// <summary>RFC 8445 section 8.1.2. Where a peer nominates several pairs, the best one counts (section 8.1.1).</summary>
    private void Nominate(CandidatePair? pair, Instant now)
    {
        if (pair is null || pair.IsNominated || !pair.IsValid)
        {
            return;
        }

        Checklist checklist = Checklists[pair.Stream];
        ComponentChecks component = checklist.GetComponent(pair);
        pair.IsNominated = true;
        pair.Check.Nominates = false;
        component.HasNominated = true;
        component.Nominating = null;
        if (component.Selected is null || pair.Priority > component.Selected.Priority)
        {
            component.Selected = pair;
            _context.Events.Enqueue(new IceEvent { Kind = IceEventKind.Selected, Stream = pair.Stream, ComponentId = pair.ComponentId, Pair = pair });
        }

        foreach (CandidatePair other in component.PairList.ToArray())
        {
            // One that the peer nominates too is left to finish.
            if (!other.IsNominated && !other.NominatedByPeer)
            {
                checklist.Remove(other);
            }
        }

        Conclude(now);
    }

    /// <summary>Brings the states of the checklists up to date.</summary>
    private void Conclude(Instant now)
    {
        bool completed = true;
        foreach (Checklist checklist in Checklists)
        {
            if (checklist.State == ChecklistState.Running)
            {
                ConcludeChecklist(checklist, now);
            }

            completed &= checklist.State == ChecklistState.Completed;
        }

        if (completed)
        {
            CompletedAt ??= now;
        }
    }

    private void ConcludeChecklist(Checklist checklist, Instant now)
    {
        NoteAbsent(checklist);
        bool selected = true;
        foreach (ComponentChecks component in checklist.Components)
        {
            selected &= component.Selected is not null || component.IsAbsent;
        }

        if (selected)
        {
            checklist.State = ChecklistState.Completed;
            checklist.CompletedAt = now;
            return;
        }

        // While the PAC timer runs the peer's checks may still bring a pair (RFC 8863 section 4); it serves as the end of candidates too (section 5).
        if (_patienceEnds <= now && !checklist.HasOpenPairs && !HasValidEverywhere(checklist) && !_context.Options.IsLite)
        {
            FailChecklist(checklist);
        }
    }

    /// <summary>
    /// RFC 8445 section 6.1.2.2: a stream has as many components as both agents have candidates for, which is known when they have told all. An agent
    /// without any candidate is waited for: its checks may still come (RFC 8863 section 3.1). A base that has gone still counts, and a candidate
    /// that a limit refused: the component has failed, and is not one that was never wanted.
    /// </summary>
    private void NoteAbsent(Checklist checklist)
    {
        int remote = RemoteEnded ? 0 : checklist.Components.Length;
        int local = LocalEnded ? 0 : checklist.Components.Length;
        foreach (LocalBase localBase in _context.Bases.Values)
        {
            GetComponent(localBase).HadBase = true;
        }

        foreach (ComponentChecks component in checklist.Components)
        {
            remote = component.HadRemote || component.Remotes.Count != 0 ? Math.Max(remote, component.ComponentId) : remote;
            local = component.HadBase ? Math.Max(local, component.ComponentId) : local;
        }

        int highest = Math.Min(remote, local);
        foreach (ComponentChecks component in checklist.Components)
        {
            component.IsAbsent = highest != 0 && component.ComponentId > highest;
        }
    }

    private void FailChecklist(Checklist checklist)
    {
        checklist.State = ChecklistState.Failed;
        _context.Events.Enqueue(new IceEvent { Kind = IceEventKind.StreamFailed, Stream = checklist.Stream });
    }
}
