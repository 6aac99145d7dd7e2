using System;
using System.Collections.Generic;
using System.Linq;
using Stack.Stun;

namespace Stack.Ice;

public sealed partial class IceAgent
{
    private readonly FoundationTable _foundations = new();

    /// <summary>
    /// Adds a candidate that was gathered, at any time. It is paired, and checked where it can be, within the call; so signal what is returned at
    /// once (RFC 8838 section 10).
    /// </summary>
    /// <param name="candidate">The candidate.</param>
    /// <param name="now">The time.</param>
    /// <returns>What the peer is to be told; null where it is redundant (RFC 8445 section 5.1.3), over a limit, or of no use to a lite agent.</returns>
    /// <exception cref="ArgumentException">The candidate is impossible: a type that is not gathered, another stream than the rest of its base.</exception>
    public Candidate? AddLocalCandidate(LocalCandidate candidate, Instant now)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        CheckComponent(candidate.Stream, candidate.ComponentId);
        LocalCandidate.Validate(candidate);
        bool isKnown = _context.Bases.TryGetValue(candidate.BaseId, out LocalBase? localBase);
        if (isKnown && (localBase!.Stream != candidate.Stream || localBase.ComponentId != candidate.ComponentId || localBase.Transport != candidate.Transport))
        {
            throw new ArgumentException("A base belongs to one component and one transport.", nameof(candidate));
        }

        if (_closed || !IsUsable(candidate) || IsRedundant(candidate) || HasTooMany(candidate))
        {
            return null;
        }

        int preference = FindFreePreference(candidate);
        var signaled = new Candidate
        {
            Foundation = _foundations.NameOf(Foundation.Of(candidate)),
            ComponentId = candidate.ComponentId,
            Transport = candidate.Transport,
            TcpType = candidate.TcpType,
            Priority = CandidatePriority.Compute(candidate.Type, candidate.Transport, preference, candidate.ComponentId),
            Address = candidate.TcpType == TcpCandidateType.Active ? candidate.Address.WithPort(9) : candidate.Address,
            Type = candidate.Type,
            RelatedAddress = candidate.RelatedAddress,
        };
        if (isKnown)
        {
            localBase!.Candidates.Add(signaled);
            if (signaled.Priority > localBase.Candidate.Priority)
            {
                SetBest(localBase, signaled, preference);
                ForEachSession(session => session.RefreshBase(localBase));
            }
        }
        else
        {
            localBase = new LocalBase(candidate, signaled)
            {
                PeerReflexiveFoundation = _foundations.NameOf(new Foundation(CandidateType.PeerReflexive, candidate.Transport, candidate.Base, default)),
            };
            SetBest(localBase, signaled, preference);
            _context.Bases.Add(candidate.BaseId, localBase);
            _unused.Remove(candidate.BaseId);
            _current.PairBase(localBase);
        }

        Advance(now);
        return signaled;
    }

    /// <summary>Takes a socket or allocation out of use: its interface has gone, or it has failed. Its pairs fail.</summary>
    /// <param name="baseId">The base; one that is not known is left alone.</param>
    /// <param name="now">The time.</param>
    public void RemoveBase(int baseId, Instant now)
    {
        if (_context.Bases.Remove(baseId, out LocalBase? localBase))
        {
            ForEachSession(session => session.DropBase(localBase, now));
            Advance(now);
        }
    }

    /// <summary>The local candidates of a stream as the peer is to be told; after a restart the same with new credentials. Allocates.</summary>
    /// <param name="stream">The data stream, counted from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such stream.</exception>
    public IReadOnlyList<Candidate> GetLocalCandidates(int stream)
    {
        CheckComponent(stream, 1);
        return [.. _context.Bases.Values.Where(b => b.Stream == stream).SelectMany(static b => b.Candidates).Where(static c => c.Type != CandidateType.PeerReflexive)];
    }

    /// <summary>No local candidates follow; more may come nonetheless where the network changes.</summary>
    /// <param name="now">The time.</param>
    public void EndLocalCandidates(Instant now)
    {
        _localEnded = true;
        _current.EndLocal();
        ConcludeLite(now);
        Advance(now);
    }

    /// <summary>Adds a candidate of the peer. One that comes before <see cref="SetRemoteParameters"/> waits for it.</summary>
    /// <param name="stream">The data stream, counted from 0.</param>
    /// <param name="candidate">The candidate.</param>
    /// <param name="now">The time.</param>
    /// <returns>What became of it; nothing that a peer signals is an error of the caller's.</returns>
    public RemoteCandidateStatus AddRemoteCandidate(int stream, Candidate candidate, Instant now)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        if (stream < 0 || stream >= _options.Streams.Count || candidate.ComponentId < 1 || candidate.ComponentId > _options.Streams[stream])
        {
            return RemoteCandidateStatus.NoSuchComponent;
        }

        if (candidate.UsernameFragment is not { } fragment || _current.Remote is null || fragment == _current.Remote.Credentials.UsernameFragment)
        {
            _current.Checklists[stream].Components[candidate.ComponentId - 1].HadRemote = true;
        }

        if (_current.CandidateMessages >= _options.Limits.MaxCandidateMessages)
        {
            return RemoteCandidateStatus.LimitReached;
        }

        _current.CandidateMessages++;
        if (candidate.Address.IsNone)
        {
            return RemoteCandidateStatus.Unresolved;
        }

        if (!IsAcceptable(candidate))
        {
            return RemoteCandidateStatus.RefusedAddress;
        }

        if (_current.Remote is null)
        {
            return _remoteEndsEarly ? RemoteCandidateStatus.AfterEnd : _early.TryAdd(stream, candidate) ? RemoteCandidateStatus.Queued : RemoteCandidateStatus.LimitReached;
        }

        RemoteCandidateStatus status = AddToSession(stream, candidate);
        Advance(now);
        return status;
    }

    /// <summary>The peer will signal no more candidates (RFC 8838 section 14); those that do come are ignored until a restart.</summary>
    /// <param name="now">The time.</param>
    public void EndRemoteCandidates(Instant now)
    {
        if (_current.Remote is null)
        {
            // After a restart of ours this is the end of what the peer told before it: signaling keeps the order (RFC 8838 section 9), and the answer is to come.
            _remoteEndsEarly = _previous?.Remote is null;
            return;
        }

        _current.EndRemote();
        ConcludeLite(now);
        Advance(now);
    }

    private static void SetBest(LocalBase localBase, Candidate candidate, int preference)
    {
        localBase.Candidate = candidate;
        localBase.PeerReflexivePriority = CandidatePriority.Compute(CandidateType.PeerReflexive, candidate.Transport, preference, candidate.ComponentId);
    }

    private RemoteCandidateStatus AddToSession(int stream, Candidate candidate)
    {
        if (candidate.UsernameFragment is { } fragment && fragment != _current.Remote!.Credentials.UsernameFragment)
        {
            return RemoteCandidateStatus.WrongGeneration;
        }

        return _current.RemoteEnded ? RemoteCandidateStatus.AfterEnd : _current.AddRemote(stream, candidate);
    }

    /// <summary>What a peer may make us send to: no address that is not one host's, and no port of another service.</summary>
    private bool IsAcceptable(Candidate candidate)
    {
        TransportAddress address = candidate.Address;
        bool isActive = candidate.TcpType == TcpCandidateType.Active;
        return (address.IsLoopback ? _options.AllowsLoopback && address.Unmapped == address : address.IsUnicast())
            && (isActive || (address.Port != 0 && !AddressKinds.IsServicePort(address.Port)))
            && (candidate.Transport == CandidateTransport.Tcp) == (candidate.TcpType != TcpCandidateType.None)
            && candidate.Priority is > 0 and <= PriorityAttribute.MaxPriority
            && _options.AcceptsRemote?.Invoke(candidate) != false;
    }

    /// <summary>
    /// RFC 8445 section 5.1.1.1: no loopback, IPv4-compatible or site-local addresses. Section 5.2: a lite agent has host candidates alone, one for an
    /// address.
    /// </summary>
    private bool IsUsable(LocalCandidate candidate)
    {
        TransportAddress address = candidate.Address;
        if (address.IsLoopback ? !_options.AllowsLoopback : !address.IsUnicast() || address.IsSiteLocal())
        {
            return false;
        }

        return !_options.IsLite || (candidate.Type == CandidateType.Host && !_context.Bases.Values.Any(other
            => other.Stream == candidate.Stream && other.ComponentId == candidate.ComponentId && other.Transport == candidate.Transport
                && other.Address.HasSameAddress(candidate.Address)));
    }

    private bool IsRedundant(LocalCandidate candidate)
    {
        foreach (LocalBase other in _context.Bases.Values)
        {
            if (other.Stream != candidate.Stream || other.ComponentId != candidate.ComponentId || other.Transport != candidate.Transport || other.TcpType != candidate.TcpType)
            {
                continue;
            }

            foreach (Candidate known in other.Candidates)
            {
                // One that a check has shown is gathered now: it is not told apart from a new one.
                if (known.Type != CandidateType.PeerReflexive && known.Address == candidate.Address
                    && (other.Address == candidate.Base || candidate.Type == CandidateType.Relayed))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private bool HasTooMany(LocalCandidate candidate)
        => _context.Bases.Values.Where(b => b.Stream == candidate.Stream && b.ComponentId == candidate.ComponentId)
            .Sum(static b => b.Candidates.Count(static c => c.Type != CandidateType.PeerReflexive)) >= _options.Limits.MaxLocalCandidates;

    /// <summary>Every candidate of a stream has a priority of its own (RFC 8445 section 5.1.2).</summary>
    private int FindFreePreference(LocalCandidate candidate)
    {
        HashSet<uint> taken = [.. _context.Bases.Values.Where(b => b.Stream == candidate.Stream).SelectMany(static b => b.Candidates).Select(static c => c.Priority)];
        int preference = candidate.LocalPreference;
        while (preference > 0 && taken.Contains(CandidatePriority.Compute(candidate.Type, candidate.Transport, preference, candidate.ComponentId)))
        {
            preference--;
        }

        return preference;
    }

    private void ForEachSession(Action<CheckSession> action)
    {
        action(_current);
        if (_previous is { } previous)
        {
            action(previous);
        }
    }
}
