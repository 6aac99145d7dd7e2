using System;
using System.Buffers.Binary;

namespace Stack.Turn;

/// <summary>
/// The ChannelData message: application data behind four bytes (RFC 8656 section 12.4).
/// <code>
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |         Channel Number        |            Length             |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                                                               |
/// /                       Application Data                        /
/// /                                                               /
/// |                               +-------------------------------+
/// |                               |
/// +-------------------------------+
/// </code>
/// </summary>
public static class ChannelData
{
    /// <summary>The size of the header, in bytes.</summary>
    public const int HeaderSize = 4;

    /// <summary>
    /// Reads a ChannelData message. What lies behind its length is padding and not part of it; a length above the bytes received is refused
    /// (RFC 8656 section 12.6).
    /// </summary>
    /// <param name="message">Exactly the bytes received.</param>
    /// <param name="channel">The channel number, valid ones only.</param>
    /// <param name="length">How many bytes of application data stand behind the header.</param>
    /// <param name="allowRfc5766Channels">Whether channels that RFC 5766 allowed are valid too.</param>
    public static bool TryRead(ReadOnlySpan<byte> message, out ChannelNumber channel, out int length, bool allowRfc5766Channels = false)
    {
        channel = default;
        length = 0;
        if (message.Length < HeaderSize)
        {
            return false;
        }

        channel = new ChannelNumber(BinaryPrimitives.ReadUInt16BigEndian(message));
        length = BinaryPrimitives.ReadUInt16BigEndian(message[2..]);
        bool valid = allowRfc5766Channels ? channel.IsValidInRfc5766 : channel.IsValid;
        return valid && length <= message.Length - HeaderSize;
    }

    /// <summary>Writes the header in front of application data.</summary>
    /// <param name="destination">At least four bytes.</param>
    /// <param name="channel">The channel.</param>
    /// <param name="length">The bytes of application data, 0 to 65535.</param>
    /// <exception cref="ArgumentException">The destination is too small, or the length is out of range.</exception>
    public static void WriteHeader(Span<byte> destination, ChannelNumber channel, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, ushort.MaxValue);
        if (destination.Length < HeaderSize)
        {
            throw new ArgumentException("A ChannelData header has 4 bytes.", nameof(destination));
        }

        BinaryPrimitives.WriteUInt32BigEndian(destination, ((uint)channel.Value << 16) | (uint)length);
    }

    /// <summary>The size on a stream, where messages are padded to a multiple of four (RFC 8656 section 12.5).</summary>
    /// <param name="length">The bytes of application data.</param>
    public static int GetPaddedSize(int length) => (HeaderSize + length + 3) & ~3;
}
