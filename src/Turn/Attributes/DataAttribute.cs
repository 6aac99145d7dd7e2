using System;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>DATA: the application data of a Send or Data indication (RFC 8656 section 18.4). It may be empty.</summary>
public static class DataAttribute
{
    /// <summary>Reads the first DATA.</summary>
    /// <param name="message">The message.</param>
    /// <param name="data">The data; valid until the message's buffer is reused.</param>
    public static StunAttributeStatus ReadData(this scoped in StunMessage message, out ReadOnlySpan<byte> data)
        => message.TryFind(StunAttributeType.Data, out data) ? StunAttributeStatus.Present : StunAttributeStatus.Absent;

    /// <summary>Adds DATA.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="data">The data.</param>
    /// <exception cref="ArgumentException">The buffer is too small.</exception>
    public static void AddData(this ref StunMessageWriter writer, scoped ReadOnlySpan<byte> data) => writer.Add(StunAttributeType.Data, data);
}
