using System;
using System.Text;
using Xunit;

namespace Stack.Stun.Tests;

public sealed class FingerprintTests
{
    // CRC-32/ISO-HDLC of the usual catalogues; CRC-32C would give E3069283.
    [Theory]
    [InlineData("123456789", 0xCBF43926)]
    [InlineData("", 0x00000000)]
    [InlineData("a", 0xE8B7BE43)]
    [InlineData("abc", 0x352441C2)]
    [InlineData("The quick brown fox jumps over the lazy dog", 0x414FA339)]
    public void Crc32_KnownText_HasItsCheckValue(string text, uint expected)
        => Assert.Equal(expected, Crc32.Compute(Encoding.ASCII.GetBytes(text)));

    // Every length across the steps of 16, 4 and 1 against the bit by bit CRC of RFC 1952 section 8, at odd offsets too.
    [Fact]
    public void Crc32_EveryLength_IsTheBitwiseCrc()
    {
        byte[] data = new byte[200];
        for (int i = 0; i < data.Length; i++)
        {
            data[i] = (byte)((i * 151) ^ (i >> 1));
        }

        for (int start = 0; start < 4; start++)
        {
            for (int length = 0; length < 150; length++)
            {
                ReadOnlySpan<byte> span = data.AsSpan(start, length);
                Assert.Equal(Bitwise(span), Crc32.Compute(span));
            }
        }
    }

    [Fact]
    public void Add_EmptyMessage_HasTheBytesOfTheRfc()
    {
        var writer = new StunMessageWriter(new byte[28], StunMessageType.BindingRequest, Wire.Id);
        writer.AddFingerprint();

        // Made with zlib.
        Assert.Equal(Wire.Message(Wire.Hex("80280004 fdf6ae02")), writer.Written.ToArray());
        Assert.True(StunMessage.Decode(writer.Written, out StunMessage message) == StunDecodeStatus.Ok && Fingerprint.Verify(message));
    }

    [Fact]
    public void Classic_MessageWithFingerprintNumber_HasNone()
    {
        // RFC 3489 has no FINGERPRINT: the attribute is one that nobody knows, wherever it stands.
        byte[] bytes = Wire.Message(Wire.Attribute(0x8028, "abc"), Wire.Attribute(0x0006, "u"));
        bytes[4] = 0;
        Assert.Equal(StunDecodeStatus.Ok, StunMessage.Decode(bytes, StunDialect.AcceptClassic, out StunMessage message));
        Assert.False(message.HasFingerprint);
        Assert.False(Fingerprint.Verify(message));
        Assert.Equal(StunAttributeStatus.Present, message.ReadUsername(out _));
    }

    private static uint Bitwise(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in data)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
            }
        }

        return ~crc;
    }
}
