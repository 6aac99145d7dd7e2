using System;

namespace Stack.Stun;

/// <summary>PASSWORD-ALGORITHM: the algorithm that the client derived its key with (RFC 8489 section 14.12).</summary>
public static class PasswordAlgorithmAttribute
{
    /// <summary>Reads PASSWORD-ALGORITHM; anything but one whole entry is malformed.</summary>
    /// <param name="message">The message.</param>
    /// <param name="algorithm">The algorithm; it need not be a registered one.</param>
    /// <param name="parameters">Its parameters, empty for MD5 and SHA-256; valid until the message's buffer is reused.</param>
    public static StunAttributeStatus ReadPasswordAlgorithm(
        this scoped in StunMessage message,
        out StunPasswordAlgorithm algorithm,
        out ReadOnlySpan<byte> parameters)
    {
        algorithm = default;
        parameters = default;
        if (!message.TryFind(StunAttributeType.PasswordAlgorithm, out ReadOnlySpan<byte> value))
        {
            return StunAttributeStatus.Absent;
        }

        if (PasswordAlgorithmList.TryRead(ref value, out algorithm, out parameters) && value.IsEmpty)
        {
            return StunAttributeStatus.Present;
        }

        algorithm = default;
        parameters = default;
        return StunAttributeStatus.Malformed;
    }

    /// <summary>Adds PASSWORD-ALGORITHM without parameters.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="algorithm">The algorithm.</param>
    /// <exception cref="ArgumentException">The buffer is too small.</exception>
    public static void AddPasswordAlgorithm(this ref StunMessageWriter writer, StunPasswordAlgorithm algorithm)
        => writer.AddUInt32(StunAttributeType.PasswordAlgorithm, (uint)algorithm << 16);
}
