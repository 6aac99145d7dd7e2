using System;

namespace Stack.Stun;

/// <summary>The text attributes, whose limits differ for writing and reading (RFC 8489 sections 14.3 to 14.14).</summary>
internal static class TextValue
{
    public static StunAttributeStatus Read(scoped in StunMessage message, StunAttributeType type, int maxSize, out ReadOnlySpan<byte> value)
    {
        if (!message.TryFind(type, out value))
        {
            return StunAttributeStatus.Absent;
        }

        if (value.Length > maxSize)
        {
            value = default;
            return StunAttributeStatus.Malformed;
        }

        return StunAttributeStatus.Present;
    }

    public static void Add(
        ref StunMessageWriter writer,
        StunAttributeType type,
        scoped ReadOnlySpan<byte> value,
        int maxSize,
        int maxCharacters)
    {
        if (IsTooLong(value, maxSize, maxCharacters))
        {
            throw new ArgumentException($"{type.GetName()} is longer than RFC 8489 allows.", nameof(value));
        }

        writer.Add(type, value);
    }

    /// <summary>Whether UTF-8 has too many bytes or too many characters, which are code points.</summary>
    public static bool IsTooLong(ReadOnlySpan<byte> value, int maxSize, int maxCharacters)
    {
        // No text has more characters than bytes.
        if (value.Length > maxSize || value.Length <= maxCharacters)
        {
            return value.Length > maxSize;
        }

        int characters = 0;
        foreach (byte unit in value)
        {
            // Every byte but 10xxxxxx begins a code point (RFC 3629 section 3).
            characters += (unit & 0xC0) == 0x80 ? 0 : 1;
        }

        return characters > maxCharacters;
    }
}
