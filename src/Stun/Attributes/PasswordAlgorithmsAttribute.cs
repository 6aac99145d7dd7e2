using System;
using System.Buffers.Binary;

namespace Stack.Stun;

/// <summary>PASSWORD-ALGORITHMS: the password algorithms that a server offers, best first (RFC 8489 section 14.11).</summary>
public static class PasswordAlgorithmsAttribute
{
    /// <summary>Reads PASSWORD-ALGORITHMS; an empty list and parameters that run beyond the value are malformed.</summary>
    /// <param name="message">The message.</param>
    /// <param name="algorithms">The list; valid until the message's buffer is reused.</param>
    public static StunAttributeStatus ReadPasswordAlgorithms(this scoped in StunMessage message, out PasswordAlgorithmList algorithms)
    {
        algorithms = default;
        if (!message.TryFind(StunAttributeType.PasswordAlgorithms, out ReadOnlySpan<byte> value))
        {
            return StunAttributeStatus.Absent;
        }

        return PasswordAlgorithmList.TryParse(value, out algorithms) ? StunAttributeStatus.Present : StunAttributeStatus.Malformed;
    }

    /// <summary>Adds PASSWORD-ALGORITHMS; none of the algorithms of this stack has parameters.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="algorithms">The algorithms, best first.</param>
    /// <exception cref="ArgumentException">The list is empty, or the buffer too small.</exception>
    public static void AddPasswordAlgorithms(this ref StunMessageWriter writer, params scoped ReadOnlySpan<StunPasswordAlgorithm> algorithms)
    {
        if (algorithms.IsEmpty)
        {
            throw new ArgumentException("PASSWORD-ALGORITHMS lists at least one algorithm.", nameof(algorithms));
        }

        Span<byte> value = writer.Reserve(StunAttributeType.PasswordAlgorithms, algorithms.Length * 4);
        for (int i = 0; i < algorithms.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(value[(i * 4)..], (uint)algorithms[i] << 16);
        }
    }
}
