using System;
using System.Text;

namespace Stack.Stun;

/// <summary>The ALTERNATE-SERVER mechanism from the client's side (RFC 8489 section 10).</summary>
public static class TryAlternate
{
    /// <summary>
    /// Reads where a 300 (Try Alternate) response redirects to. The caller follows it once, with the same transport and credentials, and only
    /// where the response's integrity was verified: without that anybody on the path could aim clients at a victim (RFC 8489 section 14.8).
    /// </summary>
    /// <param name="response">The response; one that only a credential mechanism's check returns.</param>
    /// <param name="server">The server that sent it.</param>
    /// <param name="alternate">The first alternate server of the same family that can be used.</param>
    /// <param name="domain">The name that the certificate of the alternate must carry; null for the same name as before.</param>
    /// <returns>
    /// False where there is none, where it is the server itself, or where a server on the internet redirects to a private or loopback address.
    /// </returns>
    public static bool TryRead(in VerifiedStunMessage response, TransportAddress server, out TransportAddress alternate, out string? domain)
    {
        alternate = default;
        domain = null;
        StunMessage message = response.Message;
        if (message.Class != StunClass.ErrorResponse
            || message.ReadErrorCode(out StunErrorCode code, out _) != StunAttributeStatus.Present
            || code != StunErrorCode.TryAlternate)
        {
            return false;
        }

        if (message.ReadAlternateDomain(out ReadOnlySpan<byte> name) == StunAttributeStatus.Present)
        {
            domain = Encoding.ASCII.GetString(name);
        }

        foreach (StunAttribute attribute in message)
        {
            if (attribute.Type == StunAttributeType.AlternateServer
                && AddressValue.Decode(attribute.Value, out TransportAddress candidate) == StunAttributeStatus.Present
                && IsUsable(candidate.Unmapped, server))
            {
                alternate = candidate.Unmapped;
                return true;
            }
        }

        return false;
    }

    private static bool IsUsable(TransportAddress alternate, TransportAddress server)
        => alternate.Family == server.Family
            && alternate.Port != 0
            && alternate.IsUnicast
            && alternate != server
            && (!alternate.IsLoopback || server.IsLoopback)
            && (!alternate.IsPrivate || server.IsPrivate || server.IsLoopback);
}
