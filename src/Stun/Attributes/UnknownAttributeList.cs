using System;
using System.Buffers.Binary;

namespace Stack.Stun;

/// <summary>The types that UNKNOWN-ATTRIBUTES lists: a view over the message's bytes.</summary>
public readonly ref struct UnknownAttributeList
{
    private readonly ReadOnlySpan<byte> _value;

    internal UnknownAttributeList(ReadOnlySpan<byte> value) => _value = value;

    /// <summary>How many types are listed.</summary>
    public int Count => _value.Length / 2;

    /// <summary>One of the types.</summary>
    /// <param name="index">0 to <see cref="Count"/> - 1.</param>
    public StunAttributeType this[int index] => (StunAttributeType)BinaryPrimitives.ReadUInt16BigEndian(_value[(index * 2)..]);
}
