using System;
using Stack.Stun;

namespace Stack.Ice;

/// <summary>Network type, address type and address, as <c>c=</c> and <c>a=rtcp</c> have them (RFC 4566 section 5.7, RFC 3605 section 2.1).</summary>
internal static class SdpConnection
{
    /// <summary>Reads <c>IN IP4 192.0.2.1</c> and the like. An address has port 0.</summary>
    public static bool TryRead(ReadOnlySpan<char> text, out TransportAddress address, out string? host)
    {
        address = default;
        host = null;
        const int PrefixLength = 7;
        if (text.Length <= PrefixLength || !SdpGrammar.Matches(text[..5], "IN IP") || text[6] != ' ' || text[5] is not ('4' or '6'))
        {
            return false;
        }

        ReadOnlySpan<char> name = text[PrefixLength..];
        if (!name.Contains('%') && TransportAddress.TryParseAddress(name, 0, out address))
        {
            return (address.Family == StunAddressFamily.IPv6) == (text[5] == '6');
        }

        if (!SdpGrammar.IsHostName(name))
        {
            return false;
        }

        host = name.ToString();
        return true;
    }
}
