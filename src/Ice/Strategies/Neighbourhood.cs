using System;
using Stack.Stun;

namespace Stack.Ice;

/// <summary>
/// What part of the world a remote address is in, as the base of a pair sees it: where one address there does not answer, others there are not likely to.
/// </summary>
/// <param name="Family">The address family.</param>
/// <param name="IsNear">Whether it shares the network of the base.</param>
/// <param name="Bits">The first bits of the address.</param>
internal readonly record struct Neighbourhood(StunAddressFamily Family, bool IsNear, UInt128 Bits)
{
    /// <summary>
    /// A public network has 24 or 64 bits. Of private ones that the base is not in, all of one block of RFC 1918 are one: a host with many containers or
    /// tunnels has an address in each, and they lead nowhere from outside.
    /// </summary>
    public static Neighbourhood Of(CandidatePair pair)
    {
        TransportAddress address = pair.RemoteAddress;
        UInt128 network = NetworkOf(address);
        bool near = address.Family == pair.Base.Address.Family && network == NetworkOf(pair.Base.Address);
        return new Neighbourhood(address.Family, near, !near && address.IsPrivateUse() ? BlockOf(address) : network);
    }

    private static UInt128 NetworkOf(TransportAddress address) => address.Family == StunAddressFamily.IPv4 ? address.Bits >> 8 : address.Bits >> 64;

    // The first eight bits tell the private blocks apart.
    private static UInt128 BlockOf(TransportAddress address) => address.Family == StunAddressFamily.IPv4 ? address.Bits >> 24 : address.Bits >> 120;
}
