using System;

namespace Stack.Stun;

/// <summary>The short-term credential mechanism from the server's side (RFC 8489 section 9.1.3).</summary>
public static class ShortTermServer
{
    /// <summary>Checks a request or an indication; an indication that is not accepted is dropped in silence.</summary>
    /// <param name="message">The message.</param>
    /// <param name="keys">The valid credentials.</param>
    /// <param name="verified">The message, once accepted.</param>
    /// <param name="key">The key that the response must be protected with, once accepted; it stays the source's.</param>
    public static RequestVerdict Check(
        StunMessage message,
        IShortTermKeys keys,
        out VerifiedStunMessage verified,
        out IntegrityKey? key)
    {
        ArgumentNullException.ThrowIfNull(keys);
        verified = default;
        key = null;
        bool hasIntegrity = message.HasMessageIntegrity || message.HasMessageIntegritySha256;
        if (!hasIntegrity || message.ReadUsername(out ReadOnlySpan<byte> username) != StunAttributeStatus.Present)
        {
            return RequestVerdict.BadRequest;
        }

        if (!keys.TryGetKey(username, out IntegrityKey? found) || !VerifiedStunMessage.TryVerify(message, found, out verified))
        {
            return RequestVerdict.Unauthenticated;
        }

        key = found;
        return RequestVerdict.Accepted;
    }

    /// <summary>Protects a response with the attribute that the request was checked by, and no other (RFC 8489 section 9.1.3).</summary>
    /// <param name="writer">A response with all its other attributes.</param>
    /// <param name="request">The request.</param>
    /// <param name="key">The key that <see cref="Check"/> returned.</param>
    public static void Protect(ref StunMessageWriter writer, scoped in VerifiedStunMessage request, IntegrityKey key)
    {
        if (request.Algorithm == IntegrityAlgorithm.Sha256)
        {
            writer.AddMessageIntegritySha256(key);
        }
        else
        {
            writer.AddMessageIntegrity(key);
        }
    }
}
