using System;
using System.Buffers.Binary;

namespace Stack.Stun;

/// <summary>RESPONSE-PORT: the port of the client's address that the answer goes to (RFC 5780 section 7.5).</summary>
public static class ResponsePortAttribute
{
    /// <summary>
    /// Reads RESPONSE-PORT. Its two bytes of padding may count in the length or not, as peers differ; other lengths and port 0 are malformed.
    /// </summary>
    /// <param name="message">The message.</param>
    /// <param name="port">1 to 65535.</param>
    public static StunAttributeStatus ReadResponsePort(this scoped in StunMessage message, out int port)
    {
        port = 0;
        if (!message.TryFind(StunAttributeType.ResponsePort, out ReadOnlySpan<byte> value))
        {
            return StunAttributeStatus.Absent;
        }

        if (value.Length is not (2 or 4))
        {
            return StunAttributeStatus.Malformed;
        }

        port = BinaryPrimitives.ReadUInt16BigEndian(value);
        return port == 0 ? StunAttributeStatus.Malformed : StunAttributeStatus.Present;
    }

    /// <summary>Adds RESPONSE-PORT with a length of four, which every peer reads.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="port">1 to 65535.</param>
    /// <exception cref="ArgumentException">The port is out of range, or the buffer too small.</exception>
    public static void AddResponsePort(this ref StunMessageWriter writer, int port)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(port, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, 65535);
        writer.AddUInt32(StunAttributeType.ResponsePort, (uint)port << 16);
    }
}
