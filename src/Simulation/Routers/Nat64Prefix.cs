using System;
using Stack.Stun;
using Stack.Turn;

namespace Stack.Simulation;

/// <summary>How a NAT64 writes IPv4 addresses as IPv6 ones (RFC 6052 section 2).</summary>
public readonly record struct Nat64Prefix
{
    /// <summary>64:ff9b::/96 (RFC 6052 section 2.1).</summary>
    public static readonly Nat64Prefix WellKnown = new(Endpoint.ParsePrefix("64:ff9b::/96"));

    /// <summary>Takes a prefix of a network.</summary>
    /// <param name="prefix">An IPv6 prefix of 32, 40, 48, 56, 64 or 96 bits.</param>
    /// <exception cref="ArgumentException">It has another length, or is not IPv6.</exception>
    public Nat64Prefix(AddressPrefix prefix)
    {
        if (prefix.Family != StunAddressFamily.IPv6 || prefix.Length is not (32 or 40 or 48 or 56 or 64 or 96))
        {
            throw new ArgumentException("A NAT64 prefix is an IPv6 one of 32, 40, 48, 56, 64 or 96 bits (RFC 6052 section 2.2).", nameof(prefix));
        }

        Prefix = prefix;
    }

    /// <summary>The prefix.</summary>
    public AddressPrefix Prefix { get; }

    /// <summary>An IPv4 endpoint as those behind the NAT64 reach it; what a DNS64 answers.</summary>
    /// <param name="address">An IPv4 endpoint.</param>
    public TransportAddress Synthesize(TransportAddress address)
    {
        if (address.Family != StunAddressFamily.IPv4)
        {
            throw new ArgumentException("Only IPv4 addresses are synthesized.", nameof(address));
        }

        UInt128 bits = Prefix.Bits;
        for (int i = 0; i < 4; i++)
        {
            bits |= (UInt128)(byte)((uint)address.Bits >> (24 - (i * 8))) << Shift(i);
        }

        return TransportAddress.FromIPv6(bits, (ushort)address.Port);
    }

    /// <summary>The IPv4 endpoint inside a synthesized one; the default value where the address is not of this prefix.</summary>
    /// <param name="address">An IPv6 endpoint.</param>
    public TransportAddress Extract(TransportAddress address)
    {
        if (!Prefix.Contains(address))
        {
            return default;
        }

        uint bits = 0;
        for (int i = 0; i < 4; i++)
        {
            bits = (bits << 8) | (uint)((address.Bits >> Shift(i)) & 0xFF);
        }

        return TransportAddress.FromIPv4(bits, (ushort)address.Port);
    }

    // Octet 8 (bits 64 to 71) stays zero.
    private int Shift(int octet)
    {
        int at = (Prefix.Length / 8) + octet;
        at += Prefix.Length < 96 && at >= 8 ? 1 : 0;
        return 120 - (at * 8);
    }
}
