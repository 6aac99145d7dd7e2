using System;
using System.Buffers.Binary;

namespace Stack.Stun;

/// <summary>
/// ERROR-CODE: why a request failed (RFC 8489 section 14.8).
/// <code>
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |           Reserved, should be 0         |Class|     Number    |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |      Reason Phrase (variable)                                ..
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// </code>
/// </summary>
public static class ErrorCodeAttribute
{
    /// <summary>The longest reason phrase that is read, in bytes.</summary>
    public const int MaxReadReasonSize = 763;

    /// <summary>The longest reason phrase that is written, in bytes.</summary>
    public const int MaxWriteReasonSize = 509;

    private const int HeaderSize = 4;

    /// <summary>Reads ERROR-CODE; a class outside 3 to 6, a number above 99 and a phrase above 763 bytes are malformed.</summary>
    /// <param name="message">The message.</param>
    /// <param name="code">The code, 300 to 699; it need not be a registered one.</param>
    /// <param name="reason">The phrase as received, for people only; valid until the message's buffer is reused.</param>
    public static StunAttributeStatus ReadErrorCode(this scoped in StunMessage message, out StunErrorCode code, out ReadOnlySpan<byte> reason)
    {
        code = default;
        reason = default;
        if (!message.TryFind(StunAttributeType.ErrorCode, out ReadOnlySpan<byte> value))
        {
            return StunAttributeStatus.Absent;
        }

        if (value.Length is < HeaderSize or > HeaderSize + MaxReadReasonSize)
        {
            return StunAttributeStatus.Malformed;
        }

        int codeClass = value[2] & 0b111;
        int number = value[3];
        if (codeClass is < 3 or > 6 || number > 99)
        {
            return StunAttributeStatus.Malformed;
        }

        code = (StunErrorCode)((codeClass * 100) + number);
        reason = value[HeaderSize..];
        return StunAttributeStatus.Present;
    }

    /// <summary>Adds ERROR-CODE.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="code">300 to 699.</param>
    /// <param name="reason">UTF-8, at most 127 characters and 509 bytes; empty for none.</param>
    /// <exception cref="ArgumentException">The code or the phrase is out of range, or the buffer is too small.</exception>
    public static void AddErrorCode(this ref StunMessageWriter writer, StunErrorCode code, scoped ReadOnlySpan<byte> reason = default)
    {
        int number = (int)code;
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 300, nameof(code));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, 699, nameof(code));
        if (TextValue.IsTooLong(reason, MaxWriteReasonSize, maxCharacters: 127))
        {
            throw new ArgumentException("A reason phrase has at most 127 characters.", nameof(reason));
        }

        Span<byte> value = writer.Reserve(StunAttributeType.ErrorCode, HeaderSize + reason.Length);
        BinaryPrimitives.WriteUInt32BigEndian(value, ((uint)number / 100 << 8) | ((uint)number % 100));
        reason.CopyTo(value[HeaderSize..]);
    }
}
