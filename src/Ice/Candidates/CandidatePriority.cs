using System;

namespace Stack.Ice;

/// <summary>The priorities of candidates and of pairs (RFC 8445 section 5.1.2.1, RFC 8445 section 6.1.2.3). Pure functions.</summary>
public static class CandidatePriority
{
    /// <summary>The highest priority there is: 2^31 - 1.</summary>
    public const uint MaxValue = int.MaxValue;

    /// <summary>The highest local preference, which is that of an only address.</summary>
    public const int MaxLocalPreference = 65535;

    /// <summary>The highest component ID.</summary>
    public const int MaxComponentId = 256;

    /// <summary>
    /// The recommended formula of RFC 8445 section 5.1.2.1. The result lies in 1 to 2^31 - 1: the only inputs for which the formula gives 0, a relayed
    /// candidate of component 256 with preference 0, have 1.
    /// </summary>
    /// <param name="type">How the candidate was obtained; <see cref="CandidateType.PeerReflexive"/> gives what a check's PRIORITY attribute has (RFC 8445 section 7.1.1).</param>
    /// <param name="localPreference">0 to 65535, higher is better.</param>
    /// <param name="componentId">1 to 256.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static uint Compute(CandidateType type, int localPreference, int componentId) => Compute(type, CandidateTransport.Udp, localPreference, componentId);

    /// <summary>The same for a transport: all UDP candidates but relayed ones go before all TCP ones (RFC 6544 section 4.2).</summary>
    /// <param name="type">How the candidate was obtained.</param>
    /// <param name="transport">Its transport.</param>
    /// <param name="localPreference">0 to 65535, higher is better.</param>
    /// <param name="componentId">1 to 256.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static uint Compute(CandidateType type, CandidateTransport transport, int localPreference, int componentId)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(localPreference);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(localPreference, MaxLocalPreference);
        ArgumentOutOfRangeException.ThrowIfLessThan(componentId, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(componentId, MaxComponentId);
        uint priority = ((uint)TypePreference(type, transport) << 24) + ((uint)localPreference << 8) + (uint)(MaxComponentId - componentId);
        return Math.Max(priority, 1);
    }

    /// <summary>The priority of a pair (RFC 8445 section 6.1.2.3). Both agents compute the same.</summary>
    /// <param name="controlling">The priority of the controlling agent's candidate (G).</param>
    /// <param name="controlled">The priority of the controlled agent's candidate (D).</param>
    /// <exception cref="ArgumentOutOfRangeException">A priority is above 2^31 - 1.</exception>
    public static ulong ComputePair(uint controlling, uint controlled)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(controlling, MaxValue);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(controlled, MaxValue);
        return ((ulong)Math.Min(controlling, controlled) << 32) + (2UL * Math.Max(controlling, controlled)) + (controlling > controlled ? 1UL : 0UL);
    }

    /// <summary>The recommended type preference (RFC 8445 section 5.1.2.2): 126, 110, 100 and 0 for host, peer-reflexive, server-reflexive and relayed.</summary>
    /// <param name="type">How the candidate was obtained.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such type.</exception>
    public static int TypePreference(CandidateType type) => type switch
    {
        CandidateType.Host => 126,
        CandidateType.PeerReflexive => 110,
        CandidateType.ServerReflexive => 100,
        CandidateType.Relayed => 0,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "There are four types."),
    };

    /// <summary>
    /// The type preference for a transport: that of RFC 8445 section 5.1.2.2 for UDP, and 90, 80, 70 and 0 for TCP, since retransmissions harm media more
    /// than another hop (RFC 6544 section 4.2).
    /// </summary>
    /// <param name="type">How the candidate was obtained.</param>
    /// <param name="transport">Its transport.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such type.</exception>
    public static int TypePreference(CandidateType type, CandidateTransport transport) => (type, transport) switch
    {
        (CandidateType.Host, CandidateTransport.Tcp) => 90,
        (CandidateType.PeerReflexive, CandidateTransport.Tcp) => 80,
        (CandidateType.ServerReflexive, CandidateTransport.Tcp) => 70,
        _ => TypePreference(type),
    };
}
