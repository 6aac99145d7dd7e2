using System;
using Stack.Stun;

namespace Stack.Ice;

/// <summary>USE-CANDIDATE: the controlling agent nominates the pair (RFC 8445 section 16.1). It has no value.</summary>
public static class UseCandidateAttribute
{
    /// <summary>Whether the message has USE-CANDIDATE; with a value it is malformed.</summary>
    /// <param name="message">The message.</param>
    public static StunAttributeStatus ReadUseCandidate(this scoped in StunMessage message)
        => !message.TryFind(StunAttributeType.UseCandidate, out ReadOnlySpan<byte> value) ? StunAttributeStatus.Absent
            : value.IsEmpty ? StunAttributeStatus.Present
            : StunAttributeStatus.Malformed;

    /// <summary>Adds USE-CANDIDATE.</summary>
    /// <param name="writer">The writer.</param>
    public static void AddUseCandidate(this ref StunMessageWriter writer) => writer.AddFlag(StunAttributeType.UseCandidate);
}
