using System;
using System.Collections.Generic;

namespace Stack.Ice;

/// <summary>Which candidate goes into the <c>c=</c> and <c>m=</c> lines (RFC 8445 section 5.1.4). A pure function.</summary>
public static class DefaultCandidate
{
    /// <summary>
    /// The candidate that works most likely with a peer without ICE: relayed before reflexive before host ones, and among these the one with the highest
    /// priority. Candidates without an address are left out.
    /// </summary>
    /// <param name="candidates">The local candidates.</param>
    /// <param name="componentId">The component.</param>
    /// <param name="transport">The transport protocol, which has to be that of the <c>m=</c> line.</param>
    /// <returns>The candidate; null where there is none.</returns>
    public static Candidate? Choose(IReadOnlyList<Candidate> candidates, int componentId, CandidateTransport transport)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        Candidate? best = null;
        foreach (Candidate candidate in candidates)
        {
            if (candidate.ComponentId == componentId
                && candidate.Transport == transport
                && !candidate.Address.IsNone
                && (best is null || Order(candidate) > Order(best)))
            {
                best = candidate;
            }
        }

        return best;
    }

    private static ulong Order(Candidate candidate)
    {
        ulong kind = candidate.Type switch
        {
            CandidateType.Relayed => 2,
            CandidateType.Host => 0,
            _ => 1,
        };
        return (kind << 32) | candidate.Priority;
    }
}
