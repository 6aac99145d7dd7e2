using System;
using System.Buffers.Binary;
using Stack.Stun;

namespace Stack.Ice;

/// <summary>PRIORITY: the priority that a peer-reflexive candidate learned from the check would have (RFC 8445 section 16.1).</summary>
public static class PriorityAttribute
{
    /// <summary>The highest priority there is, 2^31 - 1 (RFC 8445 section 5.1.2).</summary>
    public const uint MaxPriority = 0x7FFFFFFF;

    /// <summary>Reads PRIORITY; another length than four, 0 and values above 2^31 - 1 are malformed.</summary>
    /// <param name="message">The message.</param>
    /// <param name="priority">1 to 2^31 - 1.</param>
    public static StunAttributeStatus ReadPriority(this scoped in StunMessage message, out uint priority)
    {
        priority = 0;
        if (!message.TryFind(StunAttributeType.Priority, out ReadOnlySpan<byte> value))
        {
            return StunAttributeStatus.Absent;
        }

        if (value.Length != 4 || BinaryPrimitives.ReadUInt32BigEndian(value) is not (> 0 and <= MaxPriority))
        {
            return StunAttributeStatus.Malformed;
        }

        priority = BinaryPrimitives.ReadUInt32BigEndian(value);
        return StunAttributeStatus.Present;
    }

    /// <summary>Adds PRIORITY.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="priority">1 to 2^31 - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The priority is out of range.</exception>
    public static void AddPriority(this ref StunMessageWriter writer, uint priority)
    {
        ArgumentOutOfRangeException.ThrowIfZero(priority);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(priority, MaxPriority);
        writer.AddUInt32(StunAttributeType.Priority, priority);
    }
}
