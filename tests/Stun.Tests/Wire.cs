using System;
using System.Buffers.Binary;
using System.Linq;
using System.Text;

namespace Stack.Stun.Tests;

/// <summary>Messages put together byte by byte, without the writer under test.</summary>
internal static class Wire
{
    public const string IdHex = "b7e7a701bc34d686fa87dfae";

    /// <summary>The password of RFC 5769 section 2.1.</summary>
    public static readonly byte[] Key = Encoding.ASCII.GetBytes("VOkJxbRl1RmTxUk/WvJxBt");

    public static TransactionId Id { get; } = TransactionId.Read(Convert.FromHexString(IdHex));

    public static byte[] Hex(string text) => Convert.FromHexString(text.Replace(" ", "", StringComparison.Ordinal));

    public static byte[] Message(params byte[][] attributes) => Message(0x0001, attributes);

    public static byte[] Message(int type, params byte[][] attributes)
    {
        int length = attributes.Sum(attribute => attribute.Length);
        return [(byte)(type >> 8), (byte)type, (byte)(length >> 8), (byte)length, 0x21, 0x12, 0xA4, 0x42, .. Hex(IdHex), .. attributes.SelectMany(a => a)];
    }

    public static byte[] Attribute(int type, ReadOnlySpan<byte> value, byte padding = 0)
    {
        byte[] attribute = new byte[4 + ((value.Length + 3) & ~3)];
        attribute.AsSpan().Fill(padding);
        BinaryPrimitives.WriteUInt16BigEndian(attribute, (ushort)type);
        BinaryPrimitives.WriteUInt16BigEndian(attribute.AsSpan(2), (ushort)value.Length);
        value.CopyTo(attribute.AsSpan(4));
        return attribute;
    }

    public static byte[] Attribute(int type, string ascii) => Attribute(type, Encoding.ASCII.GetBytes(ascii));
}
