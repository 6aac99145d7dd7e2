using System;
using System.Text;
using Xunit;

namespace Stack.Stun.Tests;

public sealed class NonceCookieTests
{
    // RFC 8489 section 9.2 with erratum 6290: bit 0 is the least significant of the 24.
    [Theory]
    [InlineData("obMatJos2AAAA", 0)]
    [InlineData("obMatJos2AAAB", 1)]
    [InlineData("obMatJos2AAAC", 2)]
    [InlineData("obMatJos2AAAD", 3)]
    [InlineData("obMatJos2gAAA", 0x800000)]
    [InlineData("obMatJos2////", 0xFFFFFF)]
    [InlineData("obMatJos2+/+/", 0xFBFFBF)]
    public void Cookie_Features_AreReadAndWritten(string text, int features)
    {
        byte[] nonce = Encoding.ASCII.GetBytes(text + "rest of the nonce");
        Assert.True(NonceCookie.TryRead(nonce, out StunSecurityFeatures read));
        Assert.Equal(features, (int)read);

        byte[] written = new byte[14];
        written[13] = 0xA5;
        NonceCookie.Write(written, (StunSecurityFeatures)features);
        Assert.Equal([.. Encoding.ASCII.GetBytes(text), 0xA5], written);
    }

    [Theory]
    [InlineData("")]
    [InlineData("obMatJos2")]
    [InlineData("obMatJos2AAA")]
    [InlineData("obmatjos2AAAA")]
    [InlineData("xobMatJos2AAAA")]
    [InlineData("obMatJos2AA==")]
    [InlineData("obMatJos2AAA=")]
    [InlineData("obMatJos2A AA")]
    [InlineData("obMatJos2 AAAA")]
    [InlineData("obMatJos2AA\nAA")]
    [InlineData("obMatJos2AA\tAA")]
    [InlineData("obMatJos2-_-_")]
    [InlineData("obMatJos2AA\0A")]
    [InlineData("obMatJos2!!!!")]
    public void Cookie_NotOne_IsRefusedWithoutFeatures(string text)
    {
        Assert.False(NonceCookie.TryRead(Encoding.ASCII.GetBytes(text), out StunSecurityFeatures features));
        Assert.Equal(StunSecurityFeatures.None, features);
    }

    [Fact]
    public void Write_TooSmall_Throws() => Assert.Throws<ArgumentException>(() => NonceCookie.Write(new byte[12], StunSecurityFeatures.None));
}
