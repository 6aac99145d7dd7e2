using System.Globalization;
using Stack.Stun;

namespace Stack.Ice;

// Checks of the peer that were answered with success: RFC 8445 sections 7.3.1.3 to 7.3.1.5 and 7.3.2.
internal sealed partial class CheckSession
{
    /// <summary>Learns from a check. The peer's parameters are known, and the response is on its way.</summary>
    /// <returns>False where a limit keeps the source from becoming a candidate.</returns>
    public bool HandleCheck(in IncomingCheck check, Instant now)
    {
        Checklist checklist = Checklists[check.Base.Stream];
        ComponentChecks component = GetComponent(check.Base);
        CandidatePair? pair = FindPair(component, check.Base, check.Source);
        if (pair is null)
        {
            if (FindRemote(component, check) is not { } remote)
            {
                return false;
            }

            pair = new CandidatePair(check.Base, remote);
            SetPriority(pair);
            if (!MakeRoom(pair, isInvited: true))
            {
                return false;
            }

            Insert(checklist, pair);
        }

        pair.RequestsReceived++;
        pair.LastRequest = now;
        if (_context.Options.IsLite)
        {
            HandleLiteCheck(checklist, pair, check, now);
            return true;
        }

        if (pair.IsBarred)
        {
            return false;
        }

        bool nominated = check.Nominates && !IsControlling;
        pair.NominatedByPeer |= nominated;
        if (pair.State == CandidatePairState.Succeeded || pair.IsValid)
        {
            if (nominated)
            {
                Nominate(pair.IsValid ? pair : FindProduct(component, pair), now);
            }
        }
        else
        {
            Invite(checklist, pair);
        }

        return true;
    }

    /// <summary>RFC 8445 section 7.3.1.4: a check in return, with what is under way given up but still listened for.</summary>
    private static void Invite(Checklist checklist, CandidatePair pair)
    {
        if (pair.IsRemoved)
        {
            return;
        }

        pair.Check.Invitations++;
        pair.Check.IsTriggered = true;
        if (checklist.State == ChecklistState.Failed)
        {
            checklist.State = ChecklistState.Running;
        }

        checklist.Enqueue(pair);
    }

    /// <summary>RFC 8445 section 7.3.2: a lite agent believes what the full one nominates.</summary>
    private void HandleLiteCheck(Checklist checklist, CandidatePair pair, in IncomingCheck check, Instant now)
    {
        if (check.Nominates)
        {
            pair.State = CandidatePairState.Succeeded;
            Validate(checklist, pair, now);
            Nominate(pair, now);
        }
    }

    /// <summary>The remote candidate that a check came from, which may be new: RFC 8445 section 7.3.1.3.</summary>
    private Candidate? FindRemote(ComponentChecks component, in IncomingCheck check)
    {
        int known = IndexOf(component.Remotes, check.Source, check.Base.Transport);
        if (known >= 0)
        {
            return component.Remotes[known];
        }

        if (component.PeerReflexives >= _context.Limits.MaxPeerReflexive)
        {
            return null;
        }

        var remote = new Candidate
        {
            // No signaled foundation has a percent sign: it is no ice-char.
            Foundation = "%" + (++_peerReflexiveFoundations).ToString(CultureInfo.InvariantCulture),
            ComponentId = check.Base.ComponentId,
            Transport = check.Base.Transport,
            TcpType = check.Base.TcpType switch
            {
                TcpCandidateType.Passive => TcpCandidateType.Active,
                TcpCandidateType.Active => TcpCandidateType.Passive,
                var other => other,
            },
            Priority = check.Priority,
            Address = check.Source,
            Type = CandidateType.PeerReflexive,
        };
        component.PeerReflexives++;
        component.Remotes.Add(remote);
        return remote;
    }

    /// <summary>The valid pair that a check on another pair has produced.</summary>
    private static CandidatePair? FindProduct(ComponentChecks component, CandidatePair pair)
    {
        foreach (CandidatePair valid in component.ValidList)
        {
            if (valid.Producer == pair)
            {
                return valid;
            }
        }

        return null;
    }
}
