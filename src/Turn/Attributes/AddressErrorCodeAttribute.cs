using System;
using System.Buffers.Binary;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>
/// ADDRESS-ERROR-CODE: why one of the two families was not allocated (RFC 8656 section 18.12).
/// <code>
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |  Family       |    Reserved             |Class|     Number    |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |      Reason Phrase (variable)                                ..
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// </code>
/// </summary>
public static class AddressErrorCodeAttribute
{
    private const int HeaderSize = 4;

    /// <summary>Reads ADDRESS-ERROR-CODE; a class outside 3 to 6, a number above 99 and a phrase above 763 bytes are malformed.</summary>
    /// <param name="message">The message.</param>
    /// <param name="family">The family that was not allocated, as received.</param>
    /// <param name="code">The code, 300 to 699; 440 or 508 from a server that follows the RFC.</param>
    /// <param name="reason">The phrase as received, for people only; valid until the message's buffer is reused.</param>
    public static StunAttributeStatus ReadAddressErrorCode(
        this scoped in StunMessage message,
        out StunAddressFamily family,
        out StunErrorCode code,
        out ReadOnlySpan<byte> reason)
    {
        family = StunAddressFamily.None;
        code = default;
        reason = default;
        if (!message.TryFind(StunAttributeType.AddressErrorCode, out ReadOnlySpan<byte> value))
        {
            return StunAttributeStatus.Absent;
        }

        if (value.Length is < HeaderSize or > HeaderSize + ErrorCodeAttribute.MaxReadReasonSize)
        {
            return StunAttributeStatus.Malformed;
        }

        int codeClass = value[2] & 0b111;
        int number = value[3];
        if (codeClass is < 3 or > 6 || number > 99)
        {
            return StunAttributeStatus.Malformed;
        }

        family = (StunAddressFamily)value[0];
        code = (StunErrorCode)((codeClass * 100) + number);
        reason = value[HeaderSize..];
        return StunAttributeStatus.Present;
    }

    /// <summary>Adds ADDRESS-ERROR-CODE without a reason phrase.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="family">The family that is not allocated.</param>
    /// <param name="code">300 to 699.</param>
    /// <exception cref="ArgumentException">The code is out of range, or the buffer is too small.</exception>
    public static void AddAddressErrorCode(this ref StunMessageWriter writer, StunAddressFamily family, StunErrorCode code)
    {
        int number = (int)code;
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 300, nameof(code));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, 699, nameof(code));
        Span<byte> value = writer.Reserve(StunAttributeType.AddressErrorCode, HeaderSize);
        BinaryPrimitives.WriteUInt32BigEndian(value, ((uint)family << 24) | ((uint)number / 100 << 8) | ((uint)number % 100));
    }
}
