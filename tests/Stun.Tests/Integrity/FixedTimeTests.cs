using System;
using System.Linq;
using Xunit;

namespace Stack.Stun.Tests;

public sealed class FixedTimeTests
{
    public static TheoryData<int> Sizes => [16, 20, 24, 28, 32];

    [Theory]
    [MemberData(nameof(Sizes))]
    public void AreEqual_SameBytes_True(int size)
        => Assert.True(FixedTime.AreEqual(Bytes(size), Bytes(size)));

    [Theory]
    [MemberData(nameof(Sizes))]
    public void AreEqual_AnyOneBitDiffers_False(int size)
    {
        byte[] left = Bytes(size);
        byte[] right = Bytes(size);
        for (int bit = 0; bit < size * 8; bit++)
        {
            right[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(FixedTime.AreEqual(left, right));
            right[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void AreEqual_DifferencesThatCancel_False()
    {
        byte[] right = [.. Bytes(32).Select(value => (byte)(value ^ 0x55))];
        Assert.False(FixedTime.AreEqual(Bytes(32), right));
    }

    [Theory]
    [InlineData(20, 24)]
    [InlineData(15, 15)]
    [InlineData(36, 36)]
    public void AreEqual_SizesOutsideContract_Throws(int left, int right)
        => Assert.Throws<ArgumentOutOfRangeException>(() => FixedTime.AreEqual(new byte[left], new byte[right]));

    private static byte[] Bytes(int size) => [.. Enumerable.Range(1, size).Select(i => (byte)(i * 37))];
}
