using System;

namespace Stack.Turn;

/// <summary>
/// The IPv4 addresses that an IPv6 address may stand for: whoever can reach a translator or tunnel reaches them through it. IPv4-mapped addresses
/// are not among them: they are IPv4 addresses, and are judged as such and nothing else.
/// </summary>
/// <remarks>
/// <code>
///  form                   where the address is
///  ::a.b.c.d              octets 12-15                     IPv4-compatible; :: and ::1 are what they are
///  ::ffff:0:a.b.c.d       octets 12-15                     IPv4-translated (SIIT)
///  64:ff9b::a.b.c.d       octets 12-15                     NAT64, the well-known prefix
///  64:ff9b:1::/48         6-7 9-10, 7 9-11, 9-12, 12-15    NAT64, local: RFC 6052 section 2.2 with a prefix of 48, 56, 64, 96 bits
///  2002::/16              octets 2-5                       6to4
///  2001::/32              octets 4-7, 12-15 inverted       Teredo: the server, the client
///  *:0:5efe:a.b.c.d       octets 12-15                     ISATAP, also with 200 in place of 0
/// </code>
/// </remarks>
internal static class EmbeddedIPv4
{
    /// <summary>The most addresses that one can stand for: four readings of a local NAT64 prefix and ISATAP.</summary>
    public const int MaxCount = 5;

    private const ulong WellKnownNat64 = 0x0064_FF9B_0000_0000;
    private const ulong Siit = 0xFFFF_0000;
    private const uint Isatap = 0x5EFE;
    private const uint IsatapUniversal = 0x0200_5EFE;

    /// <summary>The prefix of local NAT64 (RFC 8215), whose translators may have prefixes of 48, 56, 64 or 96 bits.</summary>
    public static AddressPrefix LocalNat64 { get; } = new(Stun.TransportAddress.FromIPv6(new UInt128(0x0064_FF9B_0001_0000, 0), 0), 48);

    /// <summary>Writes the addresses that one may stand for.</summary>
    /// <param name="address">The IPv6 address.</param>
    /// <param name="translatorLength">The shortest prefix that a translator of <see cref="LocalNat64"/> may have here; 48 where nothing is known.</param>
    /// <param name="found">Where they go; <see cref="MaxCount"/> of them fit always.</param>
    /// <returns>How many there are.</returns>
    public static int Read(UInt128 address, int translatorLength, Span<uint> found)
    {
        ulong high = (ulong)(address >> 64);
        ulong low = (ulong)(address & ulong.MaxValue);
        uint last = (uint)(low & uint.MaxValue);
        int count = 0;

        if (high == 0 && (low >> 32 == 0 ? low > 1 : low >> 32 == Siit))
        {
            found[count++] = last;
        }
        else if (high == WellKnownNat64 && low >> 32 == 0)
        {
            found[count++] = last;
        }
        else if (high >> 16 == LocalNat64.Bits >> 80)
        {
            count = ReadLocalNat64(high, low, translatorLength, found);
        }
        else if (high >> 48 == 0x2002)
        {
            found[count++] = (uint)((high >> 16) & uint.MaxValue);
        }
        else if (high >> 32 == 0x2001_0000)
        {
            found[count++] = (uint)(high & uint.MaxValue);
            found[count++] = ~last;
        }

        if (low >> 32 is Isatap or IsatapUniversal)
        {
            found[count++] = last;
        }

        return count;
    }

    // Octet 8, the uppermost of the lower half, is the "u" octet that the address goes around.
    private static int ReadLocalNat64(ulong high, ulong low, int translatorLength, Span<uint> found)
    {
        int count = 0;
        if (translatorLength <= 48)
        {
            found[count++] = (uint)((high & 0xFFFF) << 16) | (uint)((low >> 40) & 0xFFFF);
        }

        if (translatorLength <= 56)
        {
            found[count++] = (uint)((high & 0xFF) << 24) | (uint)((low >> 32) & 0xFF_FFFF);
        }

        if (translatorLength <= 64)
        {
            found[count++] = (uint)((low >> 24) & uint.MaxValue);
        }

        found[count++] = (uint)(low & uint.MaxValue);
        return count;
    }
}
