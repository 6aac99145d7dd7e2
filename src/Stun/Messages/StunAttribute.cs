using System;

namespace Stack.Stun;

/// <summary>One attribute of a message: a view over the caller's bytes, valid until that buffer is reused.</summary>
public readonly ref struct StunAttribute
{
    internal StunAttribute(StunAttributeType type, int offset, ReadOnlySpan<byte> value)
    {
        Type = type;
        Offset = offset;
        Value = value;
    }

    /// <summary>The type.</summary>
    public StunAttributeType Type { get; }

    /// <summary>Where the attribute's header starts, in bytes from the start of the message.</summary>
    public int Offset { get; }

    /// <summary>The value without its padding.</summary>
    public ReadOnlySpan<byte> Value { get; }
}
