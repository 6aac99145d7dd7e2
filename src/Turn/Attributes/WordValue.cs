using System;
using System.Buffers.Binary;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>The value of the attributes that are one 32-bit word.</summary>
internal static class WordValue
{
    public static StunAttributeStatus Read(scoped in StunMessage message, StunAttributeType type, out uint word)
    {
        word = 0;
        if (!message.TryFind(type, out ReadOnlySpan<byte> value))
        {
            return StunAttributeStatus.Absent;
        }

        if (value.Length != 4)
        {
            return StunAttributeStatus.Malformed;
        }

        word = BinaryPrimitives.ReadUInt32BigEndian(value);
        return StunAttributeStatus.Present;
    }
}
