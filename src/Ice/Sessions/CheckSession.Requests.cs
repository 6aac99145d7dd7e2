using System;
using System.Globalization;
using Stack.Stun;

namespace Stack.Ice;

// Checks of the peer that were answered with success: RFC 8445 sections 7.3.1.3 to 7.3.1.5 and 7.3.2.
internal sealed partial class CheckSession
{
    private static readonly TimeSpan ForgettingInterval = TimeSpan.FromSeconds(5);

    /// <summary>Learns from a check. The peer's parameters are known, and the response is on its way.</summary>
    /// <returns>False where a limit keeps the source from becoming a candidate.</returns>
    public bool HandleCheck(in IncomingCheck check, Instant now)
    {
        IsKnownToPeer = true;
        Checklist checklist = Checklists[check.Base.Stream];
        ComponentChecks component = GetComponent(check.Base);
        CandidatePair? pair = FindPair(component, check.Base, check.Source);
        if (pair is null)
        {
            if (component.Barred.Contains((check.Base.Id, check.Source)))
            {
                return false;
            }

            if (FindRemote(component, check, now) is not { } remote)
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
            if (pair.IsValid && component.Path != pair)
            {
                // The peer goes this way: it must not be lost while ours is another.
                SendConsent(pair, now);
            }

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
    private void Invite(Checklist checklist, CandidatePair pair)
    {
        if (pair.IsRemoved || IsOver)
        {
            return;
        }

        pair.Check.Invitations++;
        pair.Check.IsTriggered = true;
        if (checklist.State == ChecklistState.Failed && !pair.IsRefused)
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
    private Candidate? FindRemote(ComponentChecks component, in IncomingCheck check, Instant now)
    {
        int known = IndexOf(component.Remotes, check.Source, check.Base.Transport);
        if (known >= 0)
        {
            return component.Remotes[known];
        }

        if (component.PeerReflexives >= _context.Limits.MaxPeerReflexive && !ForgetPeerReflexive(component, now))
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

    /// <summary>Gives up a peer-reflexive candidate that nothing is expected of: a NAT that often changes its mind would else use them up.</summary>
    private bool ForgetPeerReflexive(ComponentChecks component, Instant now)
    {
        // Two NATs that map each destination anew show another port with every check and answer: such a chase must not go on at the rate of the path.
        if (now - component.ForgotAt < ForgettingInterval)
        {
            return false;
        }

        for (int i = 0; i < component.Remotes.Count; i++)
        {
            Candidate remote = component.Remotes[i];
            if (remote.Type == CandidateType.PeerReflexive && IsSpent(component, remote))
            {
                component.Remotes.RemoveAt(i);
                component.ForgotAt = now;
                component.PeerReflexives--;
                foreach (CandidatePair pair in component.PairList.ToArray())
                {
                    if (pair.Remote == remote)
                    {
                        Checklists[pair.Stream].Remove(pair);
                    }
                }

                return true;
            }
        }

        return false;
    }

    private static bool IsSpent(ComponentChecks component, Candidate remote)
    {
        foreach (CandidatePair pair in component.PairList)
        {
            if (pair.Remote == remote && (pair.IsValid || pair.State != CandidatePairState.Failed))
            {
                return false;
            }
        }

        foreach (CandidatePair pair in component.ValidList)
        {
            if (pair.Remote == remote)
            {
                return false;
            }
        }

        return true;
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
