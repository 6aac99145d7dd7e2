using System;
using System.Collections.Generic;
using Stack.Stun;

namespace Stack.Ice;

// Forming pairs, pruning and their first states: RFC 8445 sections 6.1.2.2 to 6.1.2.6, RFC 8838 sections 10 to 12, RFC 6544 section 6.2.
internal sealed partial class CheckSession
{
    /// <summary>Pairs a base with all remote candidates of its component.</summary>
    public void PairBase(LocalBase localBase)
    {
        ComponentChecks component = GetComponent(localBase);
        foreach (Candidate remote in component.Remotes)
        {
            // What was learned from a check is paired with the base that it came to, and no other (RFC 8445 section 7.3.1.3).
            if (remote.Type != CandidateType.PeerReflexive)
            {
                TryPair(localBase, remote);
            }
        }
    }

    /// <summary>The best candidate of a base has changed.</summary>
    public void RefreshBase(LocalBase localBase)
    {
        Checklist checklist = Checklists[localBase.Stream];
        foreach (CandidatePair pair in checklist.Pairs)
        {
            if (pair.Base == localBase && !pair.IsValid)
            {
                pair.Local = localBase.Candidate;
                SetPriority(pair);
            }
        }

        checklist.Sort(GetComponent(localBase));
        PairBase(localBase);
    }

    public RemoteCandidateStatus AddRemote(int stream, Candidate candidate)
    {
        Checklist checklist = Checklists[stream];
        ComponentChecks component = checklist.Components[candidate.ComponentId - 1];
        List<Candidate> remotes = component.Remotes;
        int known = IndexOf(remotes, candidate.Address, candidate.Transport);
        if (known >= 0 && remotes[known].Type != CandidateType.PeerReflexive)
        {
            return RemoteCandidateStatus.Duplicate;
        }

        if (component.SignaledRemotes >= _context.Limits.MaxRemoteCandidates)
        {
            return RemoteCandidateStatus.LimitReached;
        }

        component.SignaledRemotes++;
        if (known >= 0)
        {
            remotes[known] = candidate;
            component.PeerReflexives--;
            Rename(checklist, component, candidate);
        }
        else
        {
            remotes.Add(candidate);
        }

        foreach (LocalBase localBase in _context.Bases.Values)
        {
            if (localBase.Stream == stream && localBase.ComponentId == candidate.ComponentId)
            {
                TryPair(localBase, candidate);
            }
        }

        return known >= 0 ? RemoteCandidateStatus.ReplacedPeerReflexive : RemoteCandidateStatus.Added;
    }

    /// <summary>A base has gone: its pairs are of no use.</summary>
    public void DropBase(LocalBase localBase, Instant now)
    {
        Checklist checklist = Checklists[localBase.Stream];
        ComponentChecks component = GetComponent(localBase);
        foreach (CandidatePair pair in checklist.Pairs.ToArray())
        {
            if (pair.Base == localBase)
            {
                Invalidate(checklist, component, pair);
                checklist.Remove(pair);
            }
        }

        foreach (CandidatePair pair in component.ValidList.ToArray())
        {
            if (pair.Base == localBase)
            {
                Invalidate(checklist, component, pair);
            }
        }

        Conclude(now);
    }

    public void RecomputePriorities()
    {
        foreach (Checklist checklist in Checklists)
        {
            foreach (ComponentChecks component in checklist.Components)
            {
                component.PairList.ForEach(SetPriority);
                component.ValidList.ForEach(SetPriority);
                checklist.Sort(component);
            }
        }
    }

    private static int IndexOf(List<Candidate> candidates, TransportAddress address, CandidateTransport transport)
    {
        for (int i = 0; i < candidates.Count; i++)
        {
            if (candidates[i].Address == address && candidates[i].Transport == transport)
            {
                return i;
            }
        }

        return -1;
    }

    private static bool CanPair(LocalBase localBase, Candidate remote)
    {
        if (localBase.Transport != remote.Transport || localBase.Address.Family != remote.Address.Family)
        {
            return false;
        }

        // RFC 8445 section 6.1.2.2: link-local addresses are paired with each other alone.
        if (localBase.Address.IsLinkLocal() != remote.Address.IsLinkLocal() && localBase.Address.Family == StunAddressFamily.IPv6)
        {
            return false;
        }

        // RFC 6544 section 6.2; a passive candidate waits for the peer to connect.
        return !localBase.IsTcp || (localBase.TcpType, remote.TcpType) is
            (TcpCandidateType.Active, TcpCandidateType.Passive) or (TcpCandidateType.SimultaneousOpen, TcpCandidateType.SimultaneousOpen);
    }

    private ComponentChecks GetComponent(LocalBase localBase) => Checklists[localBase.Stream].Components[localBase.ComponentId - 1];

    private void SetPriority(CandidatePair pair) => pair.Priority = IsControlling
        ? CandidatePriority.ComputePair(pair.Local.Priority, pair.Remote.Priority)
        : CandidatePriority.ComputePair(pair.Remote.Priority, pair.Local.Priority);

    private void TryPair(LocalBase localBase, Candidate remote)
    {
        Checklist checklist = Checklists[localBase.Stream];
        ComponentChecks component = GetComponent(localBase);
        if (!CanPair(localBase, remote))
        {
            return;
        }

        WantPermission(localBase, remote.Address);
        if (_context.Options.IsLite || IsOver || component.Selected is not null || component.Barred.Contains((localBase.Id, remote.Address)) || FindPair(component, localBase, remote.Address) is not null)
        {
            return;
        }

        var pair = new CandidatePair(localBase, remote);
        SetPriority(pair);
        if (MakeRoom(pair, isInvited: false))
        {
            pair.State = GetFirstState(pair);
            Insert(checklist, pair);
        }
    }

    private static void Insert(Checklist checklist, CandidatePair pair)
    {
        checklist.Add(pair);
        if (checklist.State == ChecklistState.Failed)
        {
            checklist.State = ChecklistState.Running;
        }
    }

    private void WantPermission(LocalBase localBase, TransportAddress remote)
    {
        if (localBase.IsRelayed && localBase.Permitted.Count < 1024 && localBase.Permitted.Add(remote.WithPort(0)))
        {
            _context.Events.Enqueue(new IceEvent { Kind = IceEventKind.PermissionWanted, Stream = localBase.Stream, ComponentId = localBase.ComponentId, BaseId = localBase.Id, Remote = remote });
        }
    }

    private static CandidatePair? FindPair(ComponentChecks component, LocalBase localBase, TransportAddress remote)
    {
        foreach (CandidatePair pair in component.PairList)
        {
            if (pair.Base == localBase && pair.RemoteAddress == remote)
            {
                return pair;
            }
        }

        // Pairs that were taken off the checklist when another one was nominated may still be valid.
        foreach (CandidatePair pair in component.ValidList)
        {
            if (pair.Base == localBase && pair.RemoteAddress == remote)
            {
                return pair;
            }
        }

        return null;
    }

    /// <summary>RFC 8445 section 6.1.2.6, for the pairs that there are when checks begin: of each foundation the topmost one.</summary>
    public void SetFirstStates()
    {
        foreach (Checklist checklist in Checklists)
        {
            foreach (CandidatePair pair in checklist.Pairs)
            {
                pair.State = GetFirstState(pair);
            }
        }
    }

    /// <summary>RFC 8838 section 12: rule 1, the topmost of its foundation; rule 2, one has succeeded; rule 3, all others.</summary>
    private CandidatePairState GetFirstState(CandidatePair pair)
    {
        bool topmost = true;
        foreach (Checklist checklist in Checklists)
        {
            foreach (CandidatePair other in checklist.Pairs)
            {
                if (other == pair || !other.HasFoundationOf(pair))
                {
                    continue;
                }

                if (other.State == CandidatePairState.Succeeded)
                {
                    return CandidatePairState.Waiting;
                }

                topmost &= (pair.Stream, pair.ComponentId, ~pair.Priority).CompareTo((other.Stream, other.ComponentId, ~other.Priority)) < 0;
            }
        }

        return topmost ? CandidatePairState.Waiting : CandidatePairState.Frozen;
    }

    /// <summary>RFC 8838 section 11: what was peer-reflexive has been signaled.</summary>
    private void Rename(Checklist checklist, ComponentChecks component, Candidate candidate)
    {
        foreach (List<CandidatePair> pairs in (ReadOnlySpan<List<CandidatePair>>)[component.PairList, component.ValidList])
        {
            foreach (CandidatePair pair in pairs)
            {
                if (pair.RemoteAddress == candidate.Address && pair.Remote.Transport == candidate.Transport)
                {
                    pair.Remote = candidate;
                    pair.RemoteFoundation = candidate.Foundation;
                    SetPriority(pair);
                }
            }
        }

        checklist.Sort(component);
    }
}
