using System;
using System.Buffers.Binary;
using Stack.Stun;

namespace Stack.Ice;

/// <summary>ICE-CONTROLLING and ICE-CONTROLLED: the sender's role, with its tie-breaker (RFC 8445 section 16.1).</summary>
public static class IceRoleAttribute
{
    /// <summary>Reads whichever is there; both, or another length than eight, are malformed.</summary>
    /// <param name="message">The message.</param>
    /// <param name="role">The sender's role.</param>
    /// <param name="tieBreaker">Its tie-breaker.</param>
    public static StunAttributeStatus ReadIceRole(this scoped in StunMessage message, out IceRole role, out ulong tieBreaker)
    {
        role = IceRole.Controlling;
        tieBreaker = 0;
        bool controlling = message.TryFind(StunAttributeType.IceControlling, out ReadOnlySpan<byte> first);
        bool controlled = message.TryFind(StunAttributeType.IceControlled, out ReadOnlySpan<byte> second);
        if (!controlling && !controlled)
        {
            return StunAttributeStatus.Absent;
        }

        ReadOnlySpan<byte> value = controlling ? first : second;
        if ((controlling && controlled) || value.Length != 8)
        {
            return StunAttributeStatus.Malformed;
        }

        role = controlling ? IceRole.Controlling : IceRole.Controlled;
        tieBreaker = BinaryPrimitives.ReadUInt64BigEndian(value);
        return StunAttributeStatus.Present;
    }

    /// <summary>Adds the attribute of a role.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="role">The role.</param>
    /// <param name="tieBreaker">The tie-breaker.</param>
    public static void AddIceRole(this ref StunMessageWriter writer, IceRole role, ulong tieBreaker)
        => BinaryPrimitives.WriteUInt64BigEndian(
            writer.Reserve(role == IceRole.Controlling ? StunAttributeType.IceControlling : StunAttributeType.IceControlled, 8), tieBreaker);
}
