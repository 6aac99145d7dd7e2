using System;
using System.Net;
using System.Net.Sockets;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>Address literals as people write them, without the forms of old C libraries (<c>127.1</c>, <c>0x7f.1</c>, <c>017700000001</c>).</summary>
internal static class AddressLiteral
{
    private const int MaxLength = 64;

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
        bool parsed = TransportAddress.TryParseAddress(text, 0, out TransportAddress literal);
        address = parsed ? literal.ToIPAddress() : IPAddress.None;
        return parsed;
    }

    private static bool TryParseIPv6(ReadOnlySpan<char> text, out IPAddress address)
    {
        // Only the framework knows the zones of this machine by name, but its parser also takes brackets, ports and prefix lengths.
        int zone = text.IndexOf('%');
        ReadOnlySpan<char> bare = zone < 0 ? text : text[..zone];
        if (!TransportAddress.TryParseAddress(bare, 0, out _) || !IPAddress.TryParse(text, out IPAddress? found) || found.AddressFamily != AddressFamily.InterNetworkV6)
        {
            address = IPAddress.None;
            return false;
        }

        // A zone that names no interface would be dropped silently, and the packets would take any of them.
        address = found;
        return zone < 0 || (found.IsIPv6LinkLocal && found.ScopeId != 0);
    }
}
