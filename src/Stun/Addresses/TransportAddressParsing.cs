using System;
using System.Globalization;

namespace Stack.Stun;

/// <content>Strict parsing: dotted quads without leading zeros, IPv6 in brackets, decimal ports.</content>
public readonly partial struct TransportAddress
{
    /// <summary>
    /// Parses <c>192.0.2.1:3478</c> or <c>[2001:db8::1]:3478</c>, also with a numeric zone (<c>[fe80::1%2]:3478</c>). Nothing else is taken:
    /// no names, no octal or hexadecimal quads, no signs or spaces.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="address">The endpoint; the default value on failure.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out TransportAddress address)
    {
        address = default;
        int colon = text.LastIndexOf(':');
        if (colon <= 0 || !TryParsePort(text[(colon + 1)..], out ushort port))
        {
            return false;
        }

        ReadOnlySpan<char> host = text[..colon];
        if (host[0] != '[')
        {
            return IpLiteral.TryParseIPv4(host, out uint v4) && Set(FromIPv4(v4, port), out address);
        }

        return host[^1] == ']' && host.Contains(':') && TryParseAddress(host[1..^1], port, out address);
    }

    /// <summary>Parses an address without a port: <c>192.0.2.1</c>, <c>2001:db8::1</c>, <c>fe80::1%2</c>.</summary>
    /// <param name="text">The text, without brackets.</param>
    /// <param name="port">The port that the result gets.</param>
    /// <param name="address">The endpoint; the default value on failure.</param>
    public static bool TryParseAddress(ReadOnlySpan<char> text, ushort port, out TransportAddress address)
    {
        address = default;
        if (IpLiteral.TryParseIPv4(text, out uint v4))
        {
            return Set(FromIPv4(v4, port), out address);
        }

        uint scopeId = 0;
        int percent = text.IndexOf('%');
        if (percent >= 0)
        {
            if (!uint.TryParse(text[(percent + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out scopeId))
            {
                return false;
            }

            text = text[..percent];
        }

        return IpLiteral.TryParseIPv6(text, out UInt128 v6) && Set(FromIPv6(v6, port, scopeId), out address);
    }

    internal static bool TryParsePort(ReadOnlySpan<char> text, out ushort port)
    {
        port = 0;
        return text.Length is > 0 and <= 5 && ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port);
    }

    private static bool Set(TransportAddress value, out TransportAddress address)
    {
        address = value;
        return true;
    }
}
