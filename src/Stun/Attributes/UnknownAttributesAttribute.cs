using System;
using System.Buffers.Binary;

namespace Stack.Stun;

/// <summary>UNKNOWN-ATTRIBUTES: the attribute types that a 420 response is about (RFC 8489 section 14.13).</summary>
public static class UnknownAttributesAttribute
{
    /// <summary>Reads UNKNOWN-ATTRIBUTES; an odd length is malformed.</summary>
    /// <param name="message">The message.</param>
    /// <param name="types">The types; a classic server may repeat the last one as padding (RFC 3489 section 11.2.10).</param>
    public static StunAttributeStatus ReadUnknownAttributes(this scoped in StunMessage message, out UnknownAttributeList types)
    {
        types = default;
        if (!message.TryFind(StunAttributeType.UnknownAttributes, out ReadOnlySpan<byte> value))
        {
            return StunAttributeStatus.Absent;
        }

        if (value.Length % 2 != 0)
        {
            return StunAttributeStatus.Malformed;
        }

        types = new UnknownAttributeList(value);
        return StunAttributeStatus.Present;
    }

    /// <summary>Adds UNKNOWN-ATTRIBUTES.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="types">The types.</param>
    /// <exception cref="ArgumentException">The buffer is too small.</exception>
    public static void AddUnknownAttributes(this ref StunMessageWriter writer, scoped ReadOnlySpan<StunAttributeType> types)
    {
        Span<byte> value = writer.Reserve(StunAttributeType.UnknownAttributes, types.Length * 2);
        for (int i = 0; i < types.Length; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(value[(i * 2)..], (ushort)types[i]);
        }
    }

    /// <summary>
    /// Collects the comprehension-required attributes of a message that the caller does not understand, each once, in order
    /// (RFC 8489 section 6.3.1).
    /// </summary>
    /// <param name="message">The message.</param>
    /// <param name="understood">The comprehension-required types that the caller's usage knows.</param>
    /// <param name="unknown">Where the types go; those that do not fit are left out.</param>
    /// <returns>How many were written.</returns>
    public static int CollectUnknownAttributes(
        this scoped in StunMessage message,
        scoped ReadOnlySpan<StunAttributeType> understood,
        scoped Span<StunAttributeType> unknown)
    {
        int count = 0;
        foreach (StunAttribute attribute in message)
        {
            if (attribute.Type.IsComprehensionRequired()
                && count < unknown.Length
                && !understood.Contains(attribute.Type)
                && !unknown[..count].Contains(attribute.Type))
            {
                unknown[count++] = attribute.Type;
            }
        }

        return count;
    }

    /// <summary>Whether an agent that does not understand the type must not process the message (RFC 8489 section 14).</summary>
    /// <param name="type">Any 16-bit value.</param>
    public static bool IsComprehensionRequired(this StunAttributeType type) => (ushort)type < 0x8000;
}
