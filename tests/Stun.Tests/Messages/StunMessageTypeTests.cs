using System;
using Xunit;

namespace Stack.Stun.Tests;

public sealed class StunMessageTypeTests
{
    // From the tables of RFC 5769, RFC 8656 section 17 and the layout of RFC 8489 section 5.
    [Theory]
    [InlineData(0x0001, 0x001, StunClass.Request)]
    [InlineData(0x0011, 0x001, StunClass.Indication)]
    [InlineData(0x0101, 0x001, StunClass.SuccessResponse)]
    [InlineData(0x0111, 0x001, StunClass.ErrorResponse)]
    [InlineData(0x0003, 0x003, StunClass.Request)]
    [InlineData(0x0113, 0x003, StunClass.ErrorResponse)]
    [InlineData(0x0016, 0x006, StunClass.Indication)]
    [InlineData(0x0109, 0x009, StunClass.SuccessResponse)]
    [InlineData(0x0200, 0x080, StunClass.Request)]
    [InlineData(0x0020, 0x010, StunClass.Request)]
    [InlineData(0x00E0, 0x070, StunClass.Request)]
    [InlineData(0x3E00, 0xF80, StunClass.Request)]
    [InlineData(0x3EEF, 0xFFF, StunClass.Request)]
    [InlineData(0x3FFF, 0xFFF, StunClass.ErrorResponse)]
    public void Type_KnownValue_SplitsAndJoins(int value, int method, StunClass messageClass)
    {
        StunMessageType type = StunMessageType.FromValue((ushort)value);
        Assert.Equal((StunMethod)method, type.Method);
        Assert.Equal(messageClass, type.Class);
        Assert.Equal(value, new StunMessageType((StunMethod)method, messageClass).Value);
    }

    [Fact]
    public void Type_Every14BitValue_IsItsMethodAndClassAgain()
    {
        var seen = new bool[0x1000, 4];
        for (int value = 0; value <= 0x3FFF; value++)
        {
            StunMessageType type = StunMessageType.FromValue((ushort)value);
            Assert.False(seen[(int)type.Method, (int)type.Class]);
            seen[(int)type.Method, (int)type.Class] = true;
            Assert.Equal(value, new StunMessageType(type.Method, type.Class).Value);
            byte[] wire = Wire.Message(value);
            Assert.Equal(StunDecodeStatus.Ok, StunMessage.Decode(wire, out StunMessage message));
            Assert.Equal(type, message.Type);
        }
    }

    [Fact]
    public void Type_OutOfRange_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => StunMessageType.FromValue(0x4000));
        Assert.Throws<ArgumentOutOfRangeException>(() => StunMessageType.FromValue(0xFFFF));
        Assert.Throws<ArgumentOutOfRangeException>(() => new StunMessageType((StunMethod)0x1000, StunClass.Request));
        Assert.Throws<ArgumentOutOfRangeException>(() => new StunMessageType(StunMethod.Binding, (StunClass)4));
    }

    [Fact]
    public void Type_Text_NamesMethodAndClass()
    {
        Assert.Equal("Binding request", StunMessageType.BindingRequest.ToString());
        Assert.Equal("Allocate error response", new StunMessageType(StunMethod.Allocate, StunClass.ErrorResponse).ToString());
        Assert.Equal("0x0FE indication", new StunMessageType((StunMethod)0x0FE, StunClass.Indication).ToString());
    }
}
