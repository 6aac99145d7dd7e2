using System;
using Stack.Stun;
using Stack.Turn;

namespace Stack.Simulation;

/// <summary>Addresses from text, for programs that build networks.</summary>
public static class Endpoint
{
    /// <summary>Parses <c>192.0.2.1</c>, <c>192.0.2.1:3478</c>, <c>2001:db8::1</c> or <c>[2001:db8::1]:3478</c>; without a port it is 0.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="FormatException">It is none of these.</exception>
    public static TransportAddress Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TransportAddress.TryParseAddress(text, 0, out TransportAddress address) || TransportAddress.TryParse(text, out address)
            ? address
            : throw new FormatException($"'{text}' is no address.");
    }

    /// <summary>Parses <c>192.0.2.0/24</c> or <c>2001:db8::/32</c>.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="FormatException">It is neither.</exception>
    public static AddressPrefix ParsePrefix(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return AddressPrefix.TryParse(text, out AddressPrefix prefix) ? prefix : throw new FormatException($"'{text}' is no prefix.");
    }
}
