using System;
using System.Buffers.Binary;

namespace Stack.Stun;

/// <summary>
/// The value that all address attributes share (RFC 8489 sections 14.1 and 14.2):
/// <code>
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |0 0 0 0 0 0 0 0|    Family     |             Port              |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                 Address (32 bits or 128 bits)                 |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// </code>
/// Public for the usages of STUN that define address attributes of their own.
/// </summary>
public static class AddressValue
{
    private const int SizeIPv4 = 8;
    private const int SizeIPv6 = 20;
    internal static StunAttributeStatus Read(in StunMessage message, StunAttributeType type, out TransportAddress address)
    {
        if (!message.TryFind(type, out ReadOnlySpan<byte> value))
        {
            address = default;
            return StunAttributeStatus.Absent;
        }

        return Decode(value, out address);
    }

    /// <summary>Reads the first attribute of a type whose value is encoded as XOR-MAPPED-ADDRESS is.</summary>
    /// <param name="message">The message.</param>
    /// <param name="type">The type.</param>
    /// <param name="address">The address; the default value unless the attribute is present and well formed.</param>
    public static StunAttributeStatus ReadXored(scoped in StunMessage message, StunAttributeType type, out TransportAddress address)
    {
        if (!message.TryFind(type, out ReadOnlySpan<byte> value))
        {
            address = default;
            return StunAttributeStatus.Absent;
        }

        return DecodeXored(value, message.CookieAndTransactionId, out address);
    }

    /// <summary>Decodes one value that is encoded as XOR-MAPPED-ADDRESS is, for attributes that may occur more than once.</summary>
    /// <param name="message">The message that the value is of: its transaction id takes part in the encoding.</param>
    /// <param name="value">The value.</param>
    /// <param name="address">The address; the default value unless the value is well formed.</param>
    public static StunAttributeStatus DecodeXored(scoped in StunMessage message, scoped ReadOnlySpan<byte> value, out TransportAddress address)
        => DecodeXored(value, message.CookieAndTransactionId, out address);

    internal static StunAttributeStatus Decode(ReadOnlySpan<byte> value, out TransportAddress address)
    {
        // The first byte is ignored (RFC 8489 section 14.1).
        switch (value.Length)
        {
            case SizeIPv4 when value[1] == (byte)StunAddressFamily.IPv4:
                address = TransportAddress.FromIPv4(
                    BinaryPrimitives.ReadUInt32BigEndian(value[4..]),
                    BinaryPrimitives.ReadUInt16BigEndian(value[2..]));
                return StunAttributeStatus.Present;
            case SizeIPv6 when value[1] == (byte)StunAddressFamily.IPv6:
                address = TransportAddress.FromIPv6(
                    BinaryPrimitives.ReadUInt128BigEndian(value[4..]),
                    BinaryPrimitives.ReadUInt16BigEndian(value[2..]));
                return StunAttributeStatus.Present;
            default:
                address = default;
                return StunAttributeStatus.Malformed;
        }
    }

    internal static StunAttributeStatus DecodeXored(ReadOnlySpan<byte> value, ReadOnlySpan<byte> cookieAndId, out TransportAddress address)
    {
        switch (value.Length)
        {
            case SizeIPv4 when value[1] == (byte)StunAddressFamily.IPv4:
                uint cookie = BinaryPrimitives.ReadUInt32BigEndian(cookieAndId);
                ulong word = BinaryPrimitives.ReadUInt64BigEndian(value);
                address = TransportAddress.FromIPv4(
                    unchecked((uint)word) ^ cookie,
                    unchecked((ushort)((word >> 32) ^ (cookie >> 16))));
                return StunAttributeStatus.Present;
            case SizeIPv6 when value[1] == (byte)StunAddressFamily.IPv6:
                address = TransportAddress.FromIPv6(
                    BinaryPrimitives.ReadUInt128BigEndian(value[4..]) ^ BinaryPrimitives.ReadUInt128BigEndian(cookieAndId),
                    (ushort)(BinaryPrimitives.ReadUInt16BigEndian(value[2..]) ^ BinaryPrimitives.ReadUInt16BigEndian(cookieAndId)));
                return StunAttributeStatus.Present;
            default:
                address = default;
                return StunAttributeStatus.Malformed;
        }
    }

    internal static void Add(ref StunMessageWriter writer, StunAttributeType type, TransportAddress address)
    {
        Span<byte> value = Reserve(ref writer, type, address);
        BinaryPrimitives.WriteUInt32BigEndian(value, ((uint)address.Family << 16) | (uint)address.Port);
        if (value.Length == SizeIPv4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(value[4..], address.IPv4Bits);
        }
        else
        {
            BinaryPrimitives.WriteUInt128BigEndian(value[4..], address.Bits);
        }
    }

    /// <summary>Adds an attribute whose value is encoded as XOR-MAPPED-ADDRESS is.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="type">The type.</param>
    /// <param name="address">An IPv4 or IPv6 endpoint; a scope id does not go onto the wire.</param>
    /// <exception cref="ArgumentException">The address is the default value, or the buffer is too small.</exception>
    public static void AddXored(ref StunMessageWriter writer, StunAttributeType type, TransportAddress address)
    {
        Span<byte> value = Reserve(ref writer, type, address);
        uint portMask = BinaryPrimitives.ReadUInt16BigEndian(writer.CookieAndTransactionId);
        BinaryPrimitives.WriteUInt32BigEndian(value, ((uint)address.Family << 16) | ((uint)address.Port ^ portMask));
        if (value.Length == SizeIPv4)
        {
            uint mask = BinaryPrimitives.ReadUInt32BigEndian(writer.CookieAndTransactionId);
            BinaryPrimitives.WriteUInt32BigEndian(value[4..], address.IPv4Bits ^ mask);
        }
        else
        {
            UInt128 mask = BinaryPrimitives.ReadUInt128BigEndian(writer.CookieAndTransactionId);
            BinaryPrimitives.WriteUInt128BigEndian(value[4..], address.Bits ^ mask);
        }
    }

    private static Span<byte> Reserve(ref StunMessageWriter writer, StunAttributeType type, TransportAddress address)
    {
        if (address.IsNone)
        {
            throw new ArgumentException("The default TransportAddress has no address to write.", nameof(address));
        }

        return writer.Reserve(type, address.Family == StunAddressFamily.IPv4 ? SizeIPv4 : SizeIPv6);
    }
}
