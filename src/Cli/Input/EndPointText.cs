using System;
using System.CommandLine.Parsing;
using System.Net;
using Stack.Stun;

namespace Stack.Cli;

/// <summary>Addresses of this machine on the command line: <c>A</c>, <c>A:P</c>, <c>[v6]:P</c>.</summary>
internal static class EndPointText
{
    /// <summary>An address with or without a port; 0, for any port, without.</summary>
    public static IPEndPoint? ParseLocal(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (TryParse(text, 0, out TransportAddress address))
        {
            return address.ToIPEndPoint();
        }

        result.AddError($"'{text}' is not an address: write 192.0.2.1, 192.0.2.1:4000, 2001:db8::1 or [2001:db8::1]:4000.");
        return null;
    }

    /// <summary>An address with a port.</summary>
    public static IPEndPoint? ParseEndPoint(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (TransportAddress.TryParse(text, out TransportAddress address))
        {
            return address.ToIPEndPoint();
        }

        result.AddError($"'{text}' is not an address and port: write 192.0.2.1:3479 or [2001:db8::1]:3479.");
        return null;
    }

    private static bool TryParse(string text, ushort port, out TransportAddress address)
    {
        if (TransportAddress.TryParse(text, out address))
        {
            return true;
        }

        bool bracketed = text.Length > 2 && text[0] == '[' && text[^1] == ']';
        return TransportAddress.TryParseAddress(bracketed ? text.AsSpan(1, text.Length - 2) : text, port, out address)
            && (!bracketed || address.Family == StunAddressFamily.IPv6);
    }
}
