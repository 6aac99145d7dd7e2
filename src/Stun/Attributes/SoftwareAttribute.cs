using System;

namespace Stack.Stun;

/// <summary>SOFTWARE: describes the software that sent the message (RFC 8489 section 14.14). UTF-8.</summary>
/// <remarks>
/// The bytes come from the peer: they may not be UTF-8 and may hold control characters. Escape them before they reach a terminal or a log.
/// </remarks>
public static class SoftwareAttribute
{
    /// <summary>The longest value that is read, in bytes.</summary>
    public const int MaxReadSize = 763;

    /// <summary>The longest value that is written, in bytes.</summary>
    public const int MaxWriteSize = 509;

    private const int MaxCharacters = 127;

    /// <summary>Reads SOFTWARE; longer than 763 bytes is malformed.</summary>
    /// <param name="message">The message.</param>
    /// <param name="value">The bytes as received; valid until the message's buffer is reused.</param>
    public static StunAttributeStatus ReadSoftware(this scoped in StunMessage message, out ReadOnlySpan<byte> value)
        => TextValue.Read(message, StunAttributeType.Software, MaxReadSize, out value);

    /// <summary>Adds SOFTWARE.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="value">UTF-8, at most 509 bytes and 127 characters.</param>
    /// <exception cref="ArgumentException">The value is too long, or the buffer too small.</exception>
    public static void AddSoftware(this ref StunMessageWriter writer, scoped ReadOnlySpan<byte> value)
        => TextValue.Add(ref writer, StunAttributeType.Software, value, MaxWriteSize, MaxCharacters);

    internal static bool IsTooLong(ReadOnlySpan<byte> value) => TextValue.IsTooLong(value, MaxWriteSize, MaxCharacters);
}
