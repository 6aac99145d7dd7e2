using System;
using Stack.Stun;

namespace Stack.Ice;

/// <summary>
/// The local preferences of the addresses of a host with several of them: IPv6 first, then both families by turns, unreliable interfaces last
/// (RFC 8421 sections 3 and 4), and the direction of TCP candidates within them (RFC 6544 section 4.2). Pure functions.
/// </summary>
public static class LocalPreference
{
    /// <summary>The preference of an only address (RFC 8445 section 5.1.2.1).</summary>
    public const int Max = CandidatePriority.MaxLocalPreference;

    /// <summary>How far apart the preferences of two addresses are, so that several candidates of one address find room in between.</summary>
    public const int Step = 256;

    private const int OtherPreferenceBits = 13;

    /// <summary>Gives each address its preference. The first one in the resulting order has 65535, each later one 256 less.</summary>
    /// <param name="addresses">Up to 255 addresses. Of one family, those that come first are preferred.</param>
    /// <param name="reliableCount">How many of them, from the first on, belong to interfaces that are known as reliable. The others come behind them all.</param>
    /// <param name="preferences">Takes a preference for each address; at least as long as <paramref name="addresses"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are more than 255 addresses, or fewer than reliable ones.</exception>
    /// <exception cref="ArgumentException"><paramref name="preferences"/> is too short.</exception>
    public static void Compute(ReadOnlySpan<TransportAddress> addresses, int reliableCount, Span<int> preferences)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(addresses.Length, Step, nameof(addresses));
        ArgumentOutOfRangeException.ThrowIfNegative(reliableCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(reliableCount, addresses.Length);
        if (preferences.Length < addresses.Length)
        {
            throw new ArgumentException("Each address needs room for its preference.", nameof(preferences));
        }

        int rank = 0;
        Interleave(addresses[..reliableCount], preferences, ref rank);
        Interleave(addresses[reliableCount..], preferences[reliableCount..], ref rank);
    }

    /// <summary>
    /// Puts the direction of a TCP candidate above the preference of its address (RFC 6544 section 4.2): host and relayed candidates prefer active, then
    /// passive, then simultaneous-open; reflexive ones simultaneous-open, then active, then passive.
    /// </summary>
    /// <param name="type">How the candidate was obtained.</param>
    /// <param name="direction">The side that it takes.</param>
    /// <param name="addressPreference">The preference of its address, 0 to 65535, of which the upper 13 bits count; so those of <see cref="Compute"/> stay apart.</param>
    /// <returns>0 to 65535.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such type or side, or the preference is out of its range.</exception>
    public static int ForTcp(CandidateType type, TcpCandidateType direction, int addressPreference)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((int)type, (int)CandidateType.Relayed, nameof(type));
        ArgumentOutOfRangeException.ThrowIfNegative(addressPreference);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(addressPreference, Max);
        bool isReflexive = type is CandidateType.ServerReflexive or CandidateType.PeerReflexive;
        int directionPreference = direction switch
        {
            TcpCandidateType.Active => isReflexive ? 4 : 6,
            TcpCandidateType.Passive => isReflexive ? 2 : 4,
            TcpCandidateType.SimultaneousOpen => isReflexive ? 6 : 2,
            _ => throw new ArgumentOutOfRangeException(nameof(direction), direction, "A TCP candidate takes one of three sides."),
        };
        return (directionPreference << OtherPreferenceBits) + (addressPreference >> (16 - OtherPreferenceBits));
    }

    // RFC 8421 section 4: (N4 + N6) / N4 addresses of IPv6 have a head start, then IPv4 and IPv6 take turns.
    private static void Interleave(ReadOnlySpan<TransportAddress> addresses, Span<int> preferences, ref int rank)
    {
        int v4Left = 0;
        foreach (TransportAddress address in addresses)
        {
            v4Left += IsIPv6(address) ? 0 : 1;
        }

        int v6Left = addresses.Length - v4Left;
        int headStart = v4Left == 0 ? v6Left : Math.Min(v6Left, addresses.Length / v4Left);
        int next4 = -1;
        int next6 = -1;
        bool v6Turn = true;
        while (v4Left + v6Left > 0)
        {
            bool takesV6 = v4Left == 0 || (v6Left > 0 && (headStart > 0 || v6Turn));
            ref int next = ref takesV6 ? ref next6 : ref next4;
            do
            {
                next++;
            }
            while (IsIPv6(addresses[next]) != takesV6);

            preferences[next] = Max - (rank * Step);
            rank++;
            headStart -= headStart > 0 ? 1 : 0;
            v6Turn = headStart == 0 && !takesV6;
            v6Left -= takesV6 ? 1 : 0;
            v4Left -= takesV6 ? 0 : 1;
        }
    }

    private static bool IsIPv6(TransportAddress address) => address.Family == StunAddressFamily.IPv6;
}
