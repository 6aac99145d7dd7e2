using System;
using Xunit;

namespace Stack.Turn.Tests;

public sealed class ChannelDataTests
{
    // RFC 8656 section 12.6: a length above the bytes received is discarded, what lies behind the length is padding.
    [Theory]
    [InlineData("", false, 0)]
    [InlineData("400000", false, 0)]
    [InlineData("40000000", true, 0)]
    [InlineData("40000001", false, 1)]
    [InlineData("40000001AA", true, 1)]
    [InlineData("40000001AA000000", true, 1)]
    [InlineData("4FFF0001AA", true, 1)]
    [InlineData("3FFF0001AA", false, 1)]
    [InlineData("50000001AA", false, 1)]
    [InlineData("FFFF0001AA", false, 1)]
    [InlineData("4000FFFFAA", false, 65535)]
    public void TryRead_Message_IsJudged(string hex, bool expected, int length)
    {
        bool read = ChannelData.TryRead(Convert.FromHexString(hex), out _, out int actual);
        Assert.Equal(expected, read);
        Assert.Equal(length, actual);
    }

    [Fact]
    public void WriteHeader_Number_IsBigEndian()
    {
        byte[] header = new byte[4];
        ChannelData.WriteHeader(header, new ChannelNumber(0x4123), 0x0102);
        Assert.Equal("41230102", Convert.ToHexString(header));
    }

    [Theory]
    [InlineData(0, 4)]
    [InlineData(1, 8)]
    [InlineData(4, 8)]
    [InlineData(65535, 65540)]
    public void GetPaddedSize_Length_IsAMultipleOfFour(int length, int size) => Assert.Equal(size, ChannelData.GetPaddedSize(length));
}
