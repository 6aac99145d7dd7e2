using System;

namespace Stack.Stun;

/// <summary>
/// Reads IP addresses the way RFC 3986 section 3.2.2 writes them, and nothing else: no <c>127.1</c>, no <c>0x7f</c>, no leading zeros,
/// no zone identifier, no brackets, no surrounding space. Allocates nothing and never throws.
/// </summary>
internal static class IpLiteral
{
    private const int MaxIPv4Length = 15;
    private const int MaxIPv6Length = 45;
    private const int GroupCount = 8;
    private const int GroupBits = 16;

    /// <summary>Reads a dotted quad of decimal octets without leading zeros.</summary>
    /// <param name="text">The whole literal.</param>
    /// <param name="address">The address with its first octet in the most significant bits, or 0 on failure.</param>
    /// <returns>Whether <paramref name="text"/> is exactly one IPv4 address.</returns>
    public static bool TryParseIPv4(ReadOnlySpan<char> text, out uint address)
    {
        address = 0;
        if (text.Length > MaxIPv4Length)
        {
            return false;
        }

        uint value = 0;
        int position = 0;
        for (int octet = 0; octet < 4; octet++)
        {
            if (octet > 0)
            {
                if (position == text.Length || text[position] != '.')
                {
                    return false;
                }

                position++;
            }

            if (!TryReadOctet(text, ref position, out uint part))
            {
                return false;
            }

            value = (value << 8) | part;
        }

        if (position != text.Length)
        {
            return false;
        }

        address = value;
        return true;
    }

    /// <summary>
    /// Reads an IPv6 address: eight groups of one to four hexadecimal digits of either case, at most one <c>::</c> that stands for one
    /// group or more, and optionally a dotted quad in place of the last two groups.
    /// </summary>
    /// <param name="text">The whole literal, without brackets.</param>
    /// <param name="address">The address with its first group in the most significant bits, or 0 on failure.</param>
    /// <returns>Whether <paramref name="text"/> is exactly one IPv6 address.</returns>
    public static bool TryParseIPv6(ReadOnlySpan<char> text, out UInt128 address)
    {
        address = UInt128.Zero;
        if (text.Length is < 2 or > MaxIPv6Length)
        {
            return false;
        }

        UInt128 head = UInt128.Zero;
        UInt128 tail = UInt128.Zero;
        int headGroups = 0;
        int tailGroups = 0;
        bool compressed = false;
        int position = 0;

        if (text[0] == ':')
        {
            if (text[1] != ':')
            {
                return false;
            }

            compressed = true;
            position = 2;
        }

        while (position < text.Length)
        {
            ReadOnlySpan<char> rest = text[position..];
            int length = HexPrefixLength(rest);
            int bits = GroupBits;
            uint part;
            if (length < rest.Length && rest[length] == '.')
            {
                // A dotted quad can only be the end of the literal, so all of the rest has to be one.
                if (!TryParseIPv4(rest, out part))
                {
                    return false;
                }

                bits = 2 * GroupBits;
                length = rest.Length;
            }
            else if (!TryReadGroup(rest, length, out part))
            {
                return false;
            }

            if (headGroups + tailGroups + (bits / GroupBits) > GroupCount)
            {
                return false;
            }

            if (compressed)
            {
                tail = (tail << bits) | part;
                tailGroups += bits / GroupBits;
            }
            else
            {
                head = (head << bits) | part;
                headGroups += bits / GroupBits;
            }

            position += length;
            if (position == text.Length)
            {
                break;
            }

            if (!TryReadSeparator(text, ref position, ref compressed))
            {
                return false;
            }
        }

        int groups = headGroups + tailGroups;
        if (compressed ? groups >= GroupCount : groups != GroupCount)
        {
            return false;
        }

        // Shifts of UInt128 are taken modulo 128: an empty head is zero and survives a shift by any amount.
        address = compressed ? (head << (GroupBits * (GroupCount - headGroups))) | tail : head;
        return true;
    }

    private static bool TryReadOctet(ReadOnlySpan<char> text, ref int position, out uint octet)
    {
        octet = 0;
        int start = position;
        while (position < text.Length && position - start < 3 && char.IsAsciiDigit(text[position]))
        {
            octet = (octet * 10) + (uint)(text[position] - '0');
            position++;
        }

        int digits = position - start;
        return digits > 0 && octet <= byte.MaxValue && (digits == 1 || text[start] != '0');
    }

    private static int HexPrefixLength(ReadOnlySpan<char> text)
    {
        int length = 0;
        while (length < text.Length && length < 5 && char.IsAsciiHexDigit(text[length]))
        {
            length++;
        }

        return length;
    }

    private static bool TryReadGroup(ReadOnlySpan<char> text, int length, out uint group)
    {
        group = 0;
        if (length is 0 or > 4)
        {
            return false;
        }

        foreach (char digit in text[..length])
        {
            int value = digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
            group = (group << 4) | (uint)value;
        }

        return true;
    }

    // On entry the position is behind a group and not at the end; a lone colon must be followed by another group.
    private static bool TryReadSeparator(ReadOnlySpan<char> text, ref int position, ref bool compressed)
    {
        if (text[position] != ':' || position + 1 == text.Length)
        {
            return false;
        }

        position++;
        if (text[position] != ':')
        {
            return true;
        }

        position++;
        bool first = !compressed;
        compressed = true;
        return first;
    }
}
