using System;

namespace Stack.Stun;

/// <summary>NONCE: the nonce of the long-term credential mechanism (RFC 8489 section 14.10). UTF-8.</summary>
/// <remarks>
/// The bytes come from the peer: they may not be UTF-8 and may hold control characters. Escape them before they reach a terminal or a log.
/// </remarks>
public static class NonceAttribute
{
    /// <summary>The longest value that is read, in bytes.</summary>
    public const int MaxReadSize = 763;

    /// <summary>The longest value that is written, in bytes.</summary>
    public const int MaxWriteSize = 509;

    /// <summary>Reads NONCE; longer than 763 bytes is malformed.</summary>
    /// <param name="message">The message.</param>
    /// <param name="value">The bytes as received; valid until the message's buffer is reused.</param>
    public static StunAttributeStatus ReadNonce(this scoped in StunMessage message, out ReadOnlySpan<byte> value)
        => TextValue.Read(message, StunAttributeType.Nonce, MaxReadSize, out value);

    /// <summary>Adds NONCE.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="value">UTF-8, at most 509 bytes and 127 characters.</param>
    /// <exception cref="ArgumentException">The value is too long, or the buffer too small.</exception>
    public static void AddNonce(this ref StunMessageWriter writer, scoped ReadOnlySpan<byte> value)
        => TextValue.Add(ref writer, StunAttributeType.Nonce, value, MaxWriteSize, maxCharacters: 127);
}
