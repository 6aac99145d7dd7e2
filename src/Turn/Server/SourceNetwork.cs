using System;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>What counts as one source: an IPv4 address, or an IPv6 /64, since a host has the whole of it to choose addresses from.</summary>
internal static class SourceNetwork
{
    public static TransportAddress Of(TransportAddress address)
    {
        TransportAddress source = address.Unmapped;
        return source.Family == StunAddressFamily.IPv4
            ? source.WithPort(0)
            : TransportAddress.FromIPv6(source.Bits & ~(UInt128)ulong.MaxValue, 0);
    }
}
