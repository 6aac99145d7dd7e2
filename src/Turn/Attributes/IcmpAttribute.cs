using System;
using System.Buffers.Binary;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>
/// ICMP: why a datagram to a peer was dropped (RFC 8656 section 18.13 with erratum 8901: type and code have 8 bits each).
/// <code>
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |  Reserved                     |  ICMP Type    |  ICMP Code    |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                          Error Data                           |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// </code>
/// </summary>
public static class IcmpAttribute
{
    private const int ValueSize = 8;

    /// <summary>Reads ICMP; any length but eight is malformed, the reserved bits are ignored.</summary>
    /// <param name="message">The message.</param>
    /// <param name="error">The error; the family of XOR-PEER-ADDRESS says whether it is of ICMPv4 or ICMPv6.</param>
    public static StunAttributeStatus ReadIcmp(this scoped in StunMessage message, out IcmpError error)
    {
        error = default;
        if (!message.TryFind(StunAttributeType.Icmp, out ReadOnlySpan<byte> value))
        {
            return StunAttributeStatus.Absent;
        }

        if (value.Length != ValueSize)
        {
            return StunAttributeStatus.Malformed;
        }

        error = new IcmpError(value[2], value[3], BinaryPrimitives.ReadUInt32BigEndian(value[4..]));
        return StunAttributeStatus.Present;
    }

    /// <summary>Adds ICMP.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="error">The error.</param>
    /// <exception cref="ArgumentException">The buffer is too small.</exception>
    public static void AddIcmp(this ref StunMessageWriter writer, IcmpError error)
    {
        Span<byte> value = writer.Reserve(StunAttributeType.Icmp, ValueSize);
        BinaryPrimitives.WriteUInt32BigEndian(value, ((uint)error.Type << 8) | error.Code);
        BinaryPrimitives.WriteUInt32BigEndian(value[4..], error.ErrorData);
    }
}
