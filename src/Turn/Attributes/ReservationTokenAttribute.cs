using System;
using System.Buffers.Binary;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>RESERVATION-TOKEN: names a relayed address that the server holds in reserve (RFC 8656 section 18.10). 8 bytes.</summary>
public static class ReservationTokenAttribute
{
    /// <summary>Reads RESERVATION-TOKEN; any length but eight is malformed.</summary>
    /// <param name="message">The message.</param>
    /// <param name="token">The token.</param>
    public static StunAttributeStatus ReadReservationToken(this scoped in StunMessage message, out ReservationToken token)
    {
        token = default;
        if (!message.TryFind(StunAttributeType.ReservationToken, out ReadOnlySpan<byte> value))
        {
            return StunAttributeStatus.Absent;
        }

        if (value.Length != ReservationToken.Size)
        {
            return StunAttributeStatus.Malformed;
        }

        token = new ReservationToken(BinaryPrimitives.ReadUInt64BigEndian(value));
        return StunAttributeStatus.Present;
    }

    /// <summary>Adds RESERVATION-TOKEN.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="token">The token.</param>
    /// <exception cref="ArgumentException">The buffer is too small.</exception>
    public static void AddReservationToken(this ref StunMessageWriter writer, ReservationToken token)
    {
        Span<byte> value = writer.Reserve(StunAttributeType.ReservationToken, ReservationToken.Size);
        BinaryPrimitives.WriteUInt64BigEndian(value, token.Value);
    }
}
