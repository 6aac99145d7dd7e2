using System;
using System.Buffers.Binary;
using System.Security.Cryptography;
using Stack.Fuzz.Reference;

namespace Stack.Fuzz.Model;

/// <summary>Writes the clients' messages, legal or not; nothing of it is the shipped writer.</summary>
internal sealed class MessageBuilder
{
    private readonly byte[] _bytes = new byte[70_000];
    private int _length;

    public MessageBuilder Start(int method, int messageClass, ReadOnlySpan<byte> transactionId)
    {
        int type = ((method & 0xF80) << 2) | ((method & 0x70) << 1) | (method & 0xF) | ((messageClass & 2) << 7) | ((messageClass & 1) << 4);
        BinaryPrimitives.WriteUInt16BigEndian(_bytes, (ushort)type);
        BinaryPrimitives.WriteUInt32BigEndian(_bytes.AsSpan(4), 0x2112A442);
        transactionId.CopyTo(_bytes.AsSpan(8));
        _length = 20;
        return SetLength(0);
    }

    public MessageBuilder Add(int type, ReadOnlySpan<byte> value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_bytes.AsSpan(_length), (ushort)type);
        BinaryPrimitives.WriteUInt16BigEndian(_bytes.AsSpan(_length + 2), (ushort)value.Length);
        value.CopyTo(_bytes.AsSpan(_length + 4));
        int padded = (value.Length + 3) & ~3;
        _bytes.AsSpan(_length + 4 + value.Length, padded - value.Length).Clear();
        _length += 4 + padded;
        return SetLength(_length - 20);
    }

    public MessageBuilder AddWord(int type, uint word)
    {
        Span<byte> value = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(value, word);
        return Add(type, value);
    }

    public MessageBuilder AddXored(int type, ReferenceAddress address)
    {
        Span<byte> value = stackalloc byte[address.Family == 1 ? 8 : 20];
        value[0] = 0;
        value[1] = (byte)address.Family;
        BinaryPrimitives.WriteUInt16BigEndian(value[2..], (ushort)(address.Port ^ 0x2112));
        UInt128 rest = address.Number;
        for (int i = value.Length - 1; i >= 4; i--)
        {
            value[i] = (byte)((byte)rest ^ _bytes[i]);
            rest >>= 8;
        }

        return Add(type, value);
    }

    public MessageBuilder AddIntegrity(ReadOnlySpan<byte> key)
    {
        SetLength(_length + 24 - 20);
        Span<byte> hash = stackalloc byte[20];
        HMACSHA1.HashData(key, _bytes.AsSpan(0, _length), hash);
        return Add(ModelAttribute.MessageIntegrity, hash);
    }

    public MessageBuilder AddIntegritySha256(ReadOnlySpan<byte> key, int size = 32)
    {
        SetLength(_length + 4 + size - 20);
        Span<byte> hash = stackalloc byte[32];
        HMACSHA256.HashData(key, _bytes.AsSpan(0, _length), hash);
        return Add(ModelAttribute.MessageIntegritySha256, hash[..size]);
    }

    public MessageBuilder AddFingerprint()
    {
        SetLength(_length + 8 - 20);
        return AddWord(ModelAttribute.Fingerprint, ReferenceCrc32.Compute(_bytes, _length) ^ 0x5354554E);
    }

    public byte[] ToArray() => _bytes.AsSpan(0, _length).ToArray();

    private MessageBuilder SetLength(int length)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_bytes.AsSpan(2), (ushort)length);
        return this;
    }
}
