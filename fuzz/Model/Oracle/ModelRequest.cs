using System;
using System.Buffers.Binary;
using Stack.Fuzz.Reference;

namespace Stack.Fuzz.Model;

/// <summary>Reads TURN attributes of the message that the reference decoder holds (RFC 8656 section 18).</summary>
internal sealed class ModelRequest(ReferenceMessage message, byte[] datagram)
{
    public ReferenceMessage Message { get; } = message;

    public int Size => datagram.Length;

    public byte[] TransactionId => Message.TransactionId;

    public bool HasFingerprint => Message.FingerprintOffset >= 0;

    public static bool TryReadXored(byte[] datagram, ReadOnlySpan<byte> value, out ReferenceAddress address)
    {
        address = default;
        if (value.Length is not (8 or 20) || value[1] != (value.Length == 8 ? 1 : 2))
        {
            return false;
        }

        int port = BinaryPrimitives.ReadUInt16BigEndian(value[2..]) ^ BinaryPrimitives.ReadUInt16BigEndian(datagram.AsSpan(4));
        UInt128 number = 0;
        for (int i = 4; i < value.Length; i++)
        {
            number = (number << 8) | (byte)(value[i] ^ datagram[i]);
        }

        address = new ReferenceAddress(value[1], port, number);
        return true;
    }

    /// <summary>The first of a type; its value.</summary>
    public bool TryFind(int type, out ReadOnlySpan<byte> value)
    {
        foreach (ReferenceAttribute attribute in Message.Visible)
        {
            if (attribute.Type == type)
            {
                value = datagram.AsSpan(attribute.ValueOffset, attribute.Length);
                return true;
            }
        }

        value = default;
        return false;
    }

    public bool Has(int type) => TryFind(type, out _);

    /// <summary>Whether there is one, and not of the length.</summary>
    public bool IsMalformed(int type, int length) => TryFind(type, out ReadOnlySpan<byte> value) && value.Length != length;

    /// <summary>The word of a type that has four bytes; null where there is none.</summary>
    public uint? Word(int type)
        => TryFind(type, out ReadOnlySpan<byte> value) && value.Length == 4 ? BinaryPrimitives.ReadUInt32BigEndian(value) : null;

    /// <summary>The first address of a type; null where there is none or it is no address.</summary>
    public ReferenceAddress? Address(int type)
        => TryFind(type, out ReadOnlySpan<byte> value) && TryReadXored(datagram, value, out ReferenceAddress address) ? address : null;

    public ReferenceAddress? AddressOf(ReferenceAttribute attribute)
        => TryReadXored(datagram, datagram.AsSpan(attribute.ValueOffset, attribute.Length), out ReferenceAddress address) ? address : null;
}
