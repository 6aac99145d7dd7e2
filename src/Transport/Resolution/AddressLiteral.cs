using System;
using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Stack.Transport;

/// <summary>Address literals as people write them, without the forms of old C libraries (<c>127.1</c>, <c>0x7f.1</c>, <c>017700000001</c>).</summary>
internal static class AddressLiteral
{
    private const int MaxLength = 64;

    private static readonly SearchValues<char> AddressCharacters = SearchValues.Create("0123456789abcdefABCDEF:.");

    /// <summary>Reads a dotted quad or an IPv6 address, the latter with a zone where it is link-local (RFC 4007 section 11).</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out IPAddress address)
    {
        address = IPAddress.None;
        if (text.Length > MaxLength)
        {
            return false;
        }

        return text.Contains(':') ? TryParseIPv6(text, out address) : TryParseIPv4(text, out address);
    }

    private static bool TryParseIPv4(ReadOnlySpan<char> text, out IPAddress address)
    {
        address = IPAddress.None;
        Span<byte> octets = stackalloc byte[4];
        int count = 0;
        foreach (Range range in text.Split('.'))
        {
            ReadOnlySpan<char> part = text[range];
            bool hasLeadingZero = part.Length > 1 && part[0] == '0';
            if (count == 4 || hasLeadingZero || !byte.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out octets[count]))
            {
                return false;
            }

            count++;
        }

        if (count != 4)
        {
            return false;
        }

        address = new IPAddress(octets);
        return true;
    }

    private static bool TryParseIPv6(ReadOnlySpan<char> text, out IPAddress address)
    {
        // The framework's parser also takes brackets, a port, a prefix length and hexadecimal IPv4 parts; none of their characters gets there.
        int zone = text.IndexOf('%');
        ReadOnlySpan<char> bare = zone < 0 ? text : text[..zone];
        bool parsed = !bare.ContainsAnyExcept(AddressCharacters) && IPAddress.TryParse(bare, out _);
        if (!parsed || !IPAddress.TryParse(text, out IPAddress? found) || found.AddressFamily != AddressFamily.InterNetworkV6)
        {
            address = IPAddress.None;
            return false;
        }

        // A zone that names no interface would be dropped silently, and the packets would take any of them.
        address = found;
        return zone < 0 || (found.IsIPv6LinkLocal && found.ScopeId != 0);
    }
}
