using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using Xunit;

namespace Stack.Stun.Tests;

public sealed class TransactionIdTests
{
    [Fact]
    public void Id_Bytes_SurviveUnchanged()
    {
        byte[] bytes = Wire.Hex(Wire.IdHex);
        byte[] written = new byte[13];
        written[12] = 0xA5;

        TransactionId id = TransactionId.Read(bytes);
        id.Write(written);

        Assert.Equal([.. bytes, 0xA5], written);
        Assert.Equal(Wire.IdHex, id.ToString());
        Assert.Equal("000000000000000000000000", default(TransactionId).ToString());
    }

    [Fact]
    public void Id_OneBitDiffers_IsAnother()
    {
        byte[] bytes = Wire.Hex(Wire.IdHex);
        TransactionId id = TransactionId.Read(bytes);
        var all = new HashSet<TransactionId> { id };
        for (int bit = 0; bit < 96; bit++)
        {
            byte[] other = [.. bytes];
            other[bit / 8] ^= (byte)(0x80 >> (bit % 8));
            Assert.True(id != TransactionId.Read(other));
            Assert.True(all.Add(TransactionId.Read(other)));
        }

        Assert.True(id == TransactionId.Read(bytes));
        Assert.Equal(97, all.Count);
    }

    [Fact]
    public void Id_TooFewBytes_Throws()
    {
        Assert.Throws<ArgumentException>(() => TransactionId.Read(new byte[11]));
        Assert.Throws<ArgumentException>(() => Wire.Id.Write(new byte[11]));
        Assert.Throws<ArgumentNullException>(() => TransactionId.Create(null!));
    }

    [Fact]
    public void Create_Source_GivesAllTwelveBytes()
    {
        using var source = new Counting();
        Assert.Equal("0102030405060708090a0b0c", TransactionId.Create(source).ToString());
        Assert.Equal("0d0e0f101112131415161718", TransactionId.Create(source).ToString());
    }

    private sealed class Counting : RandomNumberGenerator
    {
        private byte _next;

        public override void GetBytes(byte[] data)
        {
            for (int i = 0; i < data.Length; i++)
            {
                data[i] = ++_next;
            }
        }
    }
}
