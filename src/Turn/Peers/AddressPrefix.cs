using System;
using System.Globalization;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>
/// A network in CIDR notation: the addresses of one family that share their first bits. The default value contains nothing.
/// </summary>
/// <remarks>
/// Compared as one number, never octet by octet. An IPv4-mapped IPv6 address is an IPv6 address here: whoever wants it to be the IPv4 one
/// unmaps it first, as <see cref="PeerAddressPolicy"/> does.
/// </remarks>
public readonly record struct AddressPrefix
{
    private const int IPv4Bits = 32;
    private const int IPv6Bits = 128;

    /// <summary>Makes a network.</summary>
    /// <param name="network">Its first address; the port does not count.</param>
    /// <param name="length">How many bits its addresses share: 0 to 32, or to 128 for IPv6.</param>
    /// <exception cref="ArgumentException">The address is the default value, has a zone, or has bits set behind the prefix.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The length does not fit the family.</exception>
    public AddressPrefix(TransportAddress network, int length)
    {
        if (network.IsNone || network.ScopeId != 0)
        {
            throw new ArgumentException("A network needs an address without a zone.", nameof(network));
        }

        int width = Width(network.Family);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, width);
        if ((network.Bits & HostMask(width - length)) != UInt128.Zero)
        {
            throw new ArgumentException("Bits are set behind the prefix.", nameof(network));
        }

        Family = network.Family;
        Bits = network.Bits;
        Length = length;
    }

    /// <summary>The family; <see cref="StunAddressFamily.None"/> for the default value.</summary>
    public StunAddressFamily Family { get; }

    /// <summary>The first address as a number: 32 bits for IPv4, 128 for IPv6.</summary>
    public UInt128 Bits { get; }

    /// <summary>How many bits the addresses share.</summary>
    public int Length { get; }

    internal UInt128 LastBits => Bits | HostMask(Width(Family) - Length);

    /// <summary>Parses <c>10.0.0.0/8</c>, <c>2001:db8::/32</c>, or a bare address, which is a network of one.</summary>
    /// <param name="text">The text. Addresses as <see cref="TransportAddress.TryParseAddress"/> has them; no zone, space, sign or leading zero.</param>
    /// <param name="prefix">The network; the default value on failure.</param>
    /// <returns>False also where bits are set behind the prefix.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out AddressPrefix prefix) => TryParse(text, out prefix, out _);

    /// <summary>Parses a network and says what is wrong with what is none.</summary>
    /// <param name="text">The text.</param>
    /// <param name="prefix">The network; the default value on failure.</param>
    /// <param name="status">What is wrong.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out AddressPrefix prefix, out AddressPrefixStatus status)
    {
        prefix = default;
        int slash = text.IndexOf('/');
        ReadOnlySpan<char> address = slash < 0 ? text : text[..slash];
        if (address.Contains('%') || !TransportAddress.TryParseAddress(address, 0, out TransportAddress network))
        {
            status = AddressPrefixStatus.MalformedAddress;
            return false;
        }

        int width = Width(network.Family);
        int length = width;
        if (slash >= 0 && (!TryParseLength(text[(slash + 1)..], out length) || length > width))
        {
            status = AddressPrefixStatus.MalformedLength;
            return false;
        }

        if ((network.Bits & HostMask(width - length)) != UInt128.Zero)
        {
            status = AddressPrefixStatus.HostBits;
            return false;
        }

        status = AddressPrefixStatus.Valid;
        prefix = new AddressPrefix(network, length);
        return true;
    }

    /// <summary>Whether an address is of this network; neither its port nor its zone counts.</summary>
    /// <param name="address">The address.</param>
    public bool Contains(TransportAddress address)
        => address.Family == Family && !address.IsNone && address.Bits >= Bits && address.Bits <= LastBits;

    /// <summary><c>10.0.0.0/8</c>; empty for the default value.</summary>
    public override string ToString() => Family switch
    {
        StunAddressFamily.IPv4 => string.Create(CultureInfo.InvariantCulture, $"{TransportAddress.FromIPv4((uint)Bits, 0).ToIPAddress()}/{Length}"),
        StunAddressFamily.IPv6 => string.Create(CultureInfo.InvariantCulture, $"{TransportAddress.FromIPv6(Bits, 0).ToIPAddress()}/{Length}"),
        _ => "",
    };

    private static int Width(StunAddressFamily family) => family == StunAddressFamily.IPv4 ? IPv4Bits : IPv6Bits;

    // A shift of a UInt128 by 128 is a shift by none.
    private static UInt128 HostMask(int hostBits) => hostBits == IPv6Bits ? UInt128.MaxValue : ~(UInt128.MaxValue << hostBits);

    private static bool TryParseLength(ReadOnlySpan<char> text, out int length)
    {
        length = 0;
        return text.Length is > 0 and <= 3
            && (text.Length == 1 || text[0] != '0')
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out length);
    }
}
