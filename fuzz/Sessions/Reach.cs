using System;
using Stack.Stun;

namespace Stack.Fuzz.Sessions;

/// <summary>
/// What an interface can do, in the words of RFC 4787: the reference that agents are held against. It knows nothing of candidates, checks and agents.
/// </summary>
/// <param name="Is6">The family.</param>
/// <param name="Mapping">The strictest mapping on the way out.</param>
/// <param name="Filtering">The strictest filtering on the way in.</param>
/// <param name="IsKnown">Whether the peer learns the public address without a server.</param>
/// <param name="PassesUdp">Whether UDP gets out.</param>
/// <param name="IsPlain">Whether this description is exact: one external address, and no two NATs with different mappings.</param>
/// <param name="IsPublic">Whether other hosts of the family can be sent to at all.</param>
public readonly record struct Reach(bool Is6, NatMapping Mapping, NatFiltering Filtering, bool IsKnown, bool PassesUdp, bool IsPlain, bool IsPublic)
{
    /// <summary>What an interface can do.</summary>
    public static Reach Of(Access access)
    {
        ArgumentNullException.ThrowIfNull(access);
        const NatMapping any = NatMapping.EndpointIndependent;
        bool isPlain = access.ExternalAddresses == 1 || access.Nat.PairsAddresses;
        return access.Kind switch
        {
            AccessKind.Open => new Reach(false, any, NatFiltering.EndpointIndependent, true, true, true, true),
            AccessKind.Open6 => new Reach(true, any, NatFiltering.EndpointIndependent, true, true, true, true),
            AccessKind.Firewalled => new Reach(false, any, NatFiltering.AddressAndPortDependent, true, true, true, true),
            AccessKind.Firewalled6 => new Reach(true, any, NatFiltering.AddressAndPortDependent, true, true, true, true),
            AccessKind.Nat => new Reach(false, access.Nat.Mapping, access.Nat.Filtering, false, true, isPlain, true),
            AccessKind.DoubleNat => new Reach(false, Max(access.Nat.Mapping, access.Outer.Mapping), Max(access.Nat.Filtering, access.Outer.Filtering), false, true, access.Nat.Mapping == access.Outer.Mapping, true),
            AccessKind.UdpBlocked => new Reach(false, access.Nat.Mapping, access.Nat.Filtering, false, false, isPlain, true),
            _ => new Reach(true, access.Nat.Mapping, access.Nat.Filtering, false, true, isPlain, false),
        };
    }

    /// <summary>Whether two interfaces can exchange UDP, each side knowing what it knows.</summary>
    /// <param name="left">One.</param>
    /// <param name="leftKnown">Whether the other one is told its external address.</param>
    /// <param name="right">The other one.</param>
    /// <param name="rightKnown">Whether the first one is told its external address.</param>
    public static ReachVerdict Direct(Reach left, bool leftKnown, Reach right, bool rightKnown)
    {
        if (left.Is6 != right.Is6 || !left.PassesUdp || !right.PassesUdp || !left.IsPublic || !right.IsPublic || (!leftKnown && !rightKnown))
        {
            return ReachVerdict.No;
        }

        if (!left.IsPlain || !right.IsPlain)
        {
            return ReachVerdict.Maybe;
        }

        ReachVerdict one = rightKnown ? Toward(left, leftKnown, right) : ReachVerdict.No;
        ReachVerdict other = leftKnown ? Toward(right, rightKnown, left) : ReachVerdict.No;
        return one > other ? one : other;
    }

    /// <summary>
    /// The first one sends to the endpoint that the second one was seen at by a server. With a mapping that depends on the destination the packet comes
    /// from an endpoint that nobody knows, so that only a filter by address, or none, lets it in.
    /// </summary>
    private static ReachVerdict Toward(Reach from, bool fromKnown, Reach to)
    {
        bool fromFixed = from.Mapping == NatMapping.EndpointIndependent;
        bool toFixed = to.Mapping == NatMapping.EndpointIndependent;
        bool arrives = to.Filtering == NatFiltering.EndpointIndependent
            || (fromKnown && toFixed && (fromFixed || to.Filtering == NatFiltering.AddressDependent));
        if (!arrives)
        {
            return ReachVerdict.No;
        }

        if (toFixed)
        {
            return ReachVerdict.Yes;
        }

        // The answer comes from an endpoint that was not sent to: the first one's filter must let that in, and one of the two must keep still for the
        // other one's address.
        bool settles = fromFixed || from.Mapping == NatMapping.AddressDependent || to.Mapping == NatMapping.AddressDependent;
        return from.Filtering != NatFiltering.AddressAndPortDependent && settles ? ReachVerdict.Yes : ReachVerdict.No;
    }

    private static T Max<T>(T left, T right)
        where T : struct, Enum
        => Convert.ToInt32(left, null) > Convert.ToInt32(right, null) ? left : right;
}
