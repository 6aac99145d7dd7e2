using System;
using Xunit;

namespace Stack.Stun.Tests;

public sealed class StunMessageWriterTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(509)]
    public void Add_DirtyBuffer_PaddingIsZeroAndNothingBehindIsTouched(int length)
    {
        byte[] buffer = new byte[600];
        buffer.AsSpan().Fill(0xA5);
        byte[] value = new byte[length];
        value.AsSpan().Fill(0x5A);
        var writer = new StunMessageWriter(buffer, StunMessageType.BindingRequest, Wire.Id);

        writer.Add((StunAttributeType)0x7777, value);

        Assert.Equal(Wire.Message(Wire.Attribute(0x7777, value)), writer.Written.ToArray());
        Assert.All(buffer[writer.Length..], unused => Assert.Equal(0xA5, unused));
    }

    [Fact]
    public void Written_AfterEveryCall_IsACompleteMessage()
    {
        using var key = new IntegrityKey(Wire.Key);
        var writer = new StunMessageWriter(new byte[256], StunMessageType.BindingRequest, Wire.Id);
        int count = 0;
        AssertWhole(writer, count++);
        writer.AddSoftware("x"u8);
        AssertWhole(writer, count++);
        writer.AddFlag(StunAttributeType.UseCandidate);
        AssertWhole(writer, count++);
        writer.AddUInt32(StunAttributeType.Priority, 0x6E0001FF);
        AssertWhole(writer, count++);
        writer.Reserve(StunAttributeType.Nonce, 7).Clear();
        AssertWhole(writer, count++);
        writer.AddMessageIntegrity(key);
        AssertWhole(writer, count++);
        writer.AddMessageIntegritySha256(key);
        AssertWhole(writer, count++);
        writer.AddFingerprint();
        AssertWhole(writer, count);
    }

    [Fact]
    public void Reserve_Span_IsExactlyTheValue()
    {
        byte[] buffer = new byte[64];
        buffer.AsSpan().Fill(0xA5);
        var writer = new StunMessageWriter(buffer, StunMessageType.BindingRequest, Wire.Id);
        Span<byte> value = writer.Reserve(StunAttributeType.Nonce, 6);
        Assert.Equal(6, value.Length);
        "abcdef"u8.CopyTo(value);
        Assert.Equal(Wire.Message(Wire.Attribute(0x0015, "abcdef")), writer.Written.ToArray());
    }

    [Fact]
    public void Add_LargestMessage_FitsAndOneWordMoreDoesNot()
    {
        byte[] buffer = new byte[StunMessage.MaxSize + 100];
        var writer = new StunMessageWriter(buffer, StunMessageType.BindingRequest, Wire.Id);
        Assert.Equal(65532, writer.Remaining);
        Assert.True(Throws<ArgumentException>(ref writer, static (ref w) => w.AddPadding(65529)));
        Assert.True(Throws<ArgumentException>(ref writer, static (ref w) => w.AddPadding(65535)));
        Assert.True(Throws<ArgumentException>(ref writer, static (ref w) => w.AddPadding(65536)));
        Assert.True(Throws<ArgumentException>(ref writer, static (ref w) => w.AddPadding(int.MaxValue)));
        Assert.Equal(StunMessage.HeaderSize, writer.Length);

        writer.AddPadding(65528);

        Assert.Equal(0, writer.Remaining);
        Assert.Equal(StunMessage.MaxSize, writer.Length);
        Assert.Equal(0xFF, buffer[2]);
        Assert.Equal(0xFC, buffer[3]);
        Assert.Equal(StunDecodeStatus.Ok, StunMessage.Decode(writer.Written, out _));
        Assert.True(Throws<ArgumentException>(ref writer, static (ref w) => w.AddFlag(StunAttributeType.UseCandidate)));
        Assert.True(Throws<ArgumentException>(ref writer, static (ref w) => w.AddFingerprint()));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    public void Reserve_NegativeLength_IsTheCallersMistake(int length)
    {
        Assert.ThrowsAny<ArgumentException>(() =>
        {
            var writer = new StunMessageWriter(new byte[64], StunMessageType.BindingRequest, Wire.Id);
            writer.Reserve(StunAttributeType.Nonce, length);
        });
        Assert.ThrowsAny<ArgumentException>(() =>
        {
            var writer = new StunMessageWriter(new byte[64], StunMessageType.BindingRequest, Wire.Id);
            writer.AddPadding(length);
        });
    }

    // Sections 14.5 to 14.7 of RFC 8489: MESSAGE-INTEGRITY, MESSAGE-INTEGRITY-SHA256, FINGERPRINT, and nothing behind or between.
    [Fact]
    public void Trailers_EveryOrder_OnlyTheRfcsIsWritten()
    {
        AttributeWriter[] parts = [static (ref w) => w.AddSoftware("x"u8), Sha1, Sha256, static (ref w) => w.AddFingerprint()];
        for (int first = 0; first < parts.Length; first++)
        {
            for (int second = 0; second < parts.Length; second++)
            {
                var writer = new StunMessageWriter(new byte[256], StunMessageType.BindingRequest, Wire.Id);
                parts[first](ref writer);
                int length = writer.Length;
                bool allowed = second > first || (first == 0 && second == 0);
                Assert.Equal(!allowed, Throws<InvalidOperationException>(ref writer, parts[second]));
                Assert.Equal(!allowed, writer.Length == length);
                Assert.Equal(StunDecodeStatus.Ok, StunMessage.Decode(writer.Written, out _));
            }
        }
    }

    [Fact]
    public void Trailer_DoesNotFit_LeavesTheMessageOpen()
    {
        var writer = new StunMessageWriter(new byte[StunMessage.HeaderSize + 23], StunMessageType.BindingRequest, Wire.Id);
        Assert.True(Throws<ArgumentException>(ref writer, Sha1));
        writer.AddSoftware("x"u8);
        Assert.Equal(Wire.Message(Wire.Attribute(0x8022, "x")), writer.Written.ToArray());
    }

    [Fact]
    public void Writer_BufferWithoutRoomForTheHeader_Throws()
    {
        Assert.Throws<ArgumentException>(() => new StunMessageWriter(new byte[19], StunMessageType.BindingRequest, Wire.Id).Length);
        byte[] request = Wire.Message();
        Assert.Throws<ArgumentException>(() =>
        {
            StunMessage.Decode(request, out StunMessage message);
            StunMessageWriter.Respond(new byte[19], message, StunClass.SuccessResponse);
        });
    }

    [Theory]
    [InlineData(0x21)]
    [InlineData(0x55)]
    public void Respond_Request_KeepsMethodAndAll128Bits(byte firstOfCookie)
    {
        byte[] request = Wire.Message(0x0003, Wire.Attribute(0x8022, "x"));
        request[4] = firstOfCookie;
        StunMessage.Decode(request, StunDialect.AcceptClassic, out StunMessage message);
        byte[] buffer = new byte[64];
        buffer.AsSpan().Fill(0xA5);

        StunMessageWriter writer = StunMessageWriter.Respond(buffer, message, StunClass.ErrorResponse);

        byte[] expected = Wire.Message(0x0113);
        expected[4] = firstOfCookie;
        Assert.Equal(expected, writer.Written.ToArray());
    }

    private static void Sha1(ref StunMessageWriter writer)
    {
        using var key = new IntegrityKey(Wire.Key);
        writer.AddMessageIntegrity(key);
    }

    private static void Sha256(ref StunMessageWriter writer)
    {
        using var key = new IntegrityKey(Wire.Key);
        writer.AddMessageIntegritySha256(key);
    }

    private static bool Throws<T>(ref StunMessageWriter writer, AttributeWriter write)
        where T : Exception
    {
        try
        {
            write(ref writer);
            return false;
        }
        catch (T)
        {
            return true;
        }
    }

    private static void AssertWhole(StunMessageWriter writer, int attributes)
    {
        Assert.Equal(StunDecodeStatus.Ok, StunMessage.Decode(writer.Written, out StunMessage message));
        int count = 0;
        foreach (StunAttribute attribute in message)
        {
            Assert.True(attribute.Offset < writer.Length);
            count++;
        }

        Assert.Equal(attributes, count);
    }
}
