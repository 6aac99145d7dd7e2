using System;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>
/// EVEN-PORT: asks for an even relayed port and, by the R bit, for the next one to be reserved (RFC 8656 section 18.7).
/// <code>
///  0
///  0 1 2 3 4 5 6 7
/// +-+-+-+-+-+-+-+-+
/// |R|    RFFU     |
/// +-+-+-+-+-+-+-+-+
/// </code>
/// </summary>
public static class EvenPortAttribute
{
    private const byte ReserveNext = 0x80;

    /// <summary>Reads EVEN-PORT; any length but one is malformed, the reserved bits are ignored.</summary>
    /// <param name="message">The message.</param>
    /// <param name="reserveNext">The R bit.</param>
    public static StunAttributeStatus ReadEvenPort(this scoped in StunMessage message, out bool reserveNext)
    {
        reserveNext = false;
        if (!message.TryFind(StunAttributeType.EvenPort, out ReadOnlySpan<byte> value))
        {
            return StunAttributeStatus.Absent;
        }

        if (value.Length != 1)
        {
            return StunAttributeStatus.Malformed;
        }

        reserveNext = (value[0] & ReserveNext) != 0;
        return StunAttributeStatus.Present;
    }

    /// <summary>Adds EVEN-PORT.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="reserveNext">The R bit.</param>
    /// <exception cref="ArgumentException">The buffer is too small.</exception>
    public static void AddEvenPort(this ref StunMessageWriter writer, bool reserveNext)
        => writer.Add(StunAttributeType.EvenPort, [reserveNext ? ReserveNext : (byte)0]);
}
