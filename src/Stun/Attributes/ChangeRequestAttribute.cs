using System;
using System.Buffers.Binary;

namespace Stack.Stun;

/// <summary>CHANGE-REQUEST: asks the server to answer from another address, port or both (RFC 5780 section 7.2, RFC 3489 section 11.2.4).</summary>
public static class ChangeRequestAttribute
{
    /// <summary>Reads CHANGE-REQUEST; any length but four is malformed, other bits are ignored.</summary>
    /// <param name="message">The message.</param>
    /// <param name="flags">The flags.</param>
    public static StunAttributeStatus ReadChangeRequest(this scoped in StunMessage message, out ChangeRequestFlags flags)
    {
        flags = ChangeRequestFlags.None;
        if (!message.TryFind(StunAttributeType.ChangeRequest, out ReadOnlySpan<byte> value))
        {
            return StunAttributeStatus.Absent;
        }

        if (value.Length != 4)
        {
            return StunAttributeStatus.Malformed;
        }

        const uint Known = (uint)(ChangeRequestFlags.ChangeIP | ChangeRequestFlags.ChangePort);
        flags = (ChangeRequestFlags)(BinaryPrimitives.ReadUInt32BigEndian(value) & Known);
        return StunAttributeStatus.Present;
    }

    /// <summary>Adds CHANGE-REQUEST.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="flags">The flags.</param>
    /// <exception cref="ArgumentException">The buffer is too small.</exception>
    public static void AddChangeRequest(this ref StunMessageWriter writer, ChangeRequestFlags flags)
        => writer.AddUInt32(StunAttributeType.ChangeRequest, (uint)flags);
}
