using Stack.Stun;

namespace Stack.Turn;

/// <summary>
/// CHANNEL-NUMBER: the number of a channel (RFC 8656 section 18.1).
/// <code>
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |        Channel Number         |         RFFU = 0              |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// </code>
/// </summary>
public static class ChannelNumberAttribute
{
    /// <summary>Reads CHANNEL-NUMBER; any length but four is malformed, the reserved bits are ignored.</summary>
    /// <param name="message">The message.</param>
    /// <param name="number">The number as received; <see cref="ChannelNumber.IsValid"/> says whether it can be bound.</param>
    public static StunAttributeStatus ReadChannelNumber(this scoped in StunMessage message, out ChannelNumber number)
    {
        StunAttributeStatus status = WordValue.Read(message, StunAttributeType.ChannelNumber, out uint word);
        number = new ChannelNumber((ushort)(word >> 16));
        return status;
    }

    /// <summary>Adds CHANNEL-NUMBER.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="number">The number.</param>
    /// <exception cref="System.ArgumentException">The buffer is too small.</exception>
    public static void AddChannelNumber(this ref StunMessageWriter writer, ChannelNumber number)
        => writer.AddUInt32(StunAttributeType.ChannelNumber, (uint)number.Value << 16);
}
