using System;
using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using FsCheck;
using FsCheck.Fluent;
using Stack.TestKit;
using Xunit;

namespace Stack.Stun.Tests;

public sealed class IpLiteralTests
{
    [Theory]
    [InlineData("0.0.0.0", 0x00000000u)]
    [InlineData("255.255.255.255", 0xffffffffu)]
    [InlineData("192.0.2.1", 0xc0000201u)]
    [InlineData("127.0.0.1", 0x7f000001u)]
    [InlineData("10.20.30.40", 0x0a141e28u)]
    public void IPv4_DottedQuad_IsRead(string text, uint expected)
    {
        Assert.True(IpLiteral.TryParseIPv4(text, out uint address));
        Assert.Equal(expected, address);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("1")]
    [InlineData("127.1")]
    [InlineData("127.0.1")]
    [InlineData("1.2.3.")]
    [InlineData(".1.2.3")]
    [InlineData("1..2.3")]
    [InlineData("1.2.3.4.")]
    [InlineData("1.2.3.4.5")]
    [InlineData("01.2.3.4")]
    [InlineData("1.2.3.00")]
    [InlineData("1.2.3.010")]
    [InlineData("256.1.1.1")]
    [InlineData("1.1.1.999")]
    [InlineData("1.1.1.1000")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("2130706433")]
    [InlineData("1.2.3.-4")]
    [InlineData("+1.2.3.4")]
    [InlineData(" 1.2.3.4")]
    [InlineData("1.2.3.4 ")]
    [InlineData("1.2.3.4\0")]
    [InlineData("1.2.3.4\n")]
    [InlineData("\u0661.2.3.4")]
    [InlineData("\uff11.2.3.4")]
    [InlineData("1\u30022.3.4")]
    [InlineData("1.2.3.4/24")]
    [InlineData("::1")]
    public void IPv4_NotADottedQuad_IsRefusedAsZero(string text)
    {
        Assert.False(IpLiteral.TryParseIPv4(text, out uint address));
        Assert.Equal(0u, address);
    }

    [Theory]
    [InlineData("::", "00000000000000000000000000000000")]
    [InlineData("::1", "00000000000000000000000000000001")]
    [InlineData("1::", "00010000000000000000000000000000")]
    [InlineData("0:0:0:0:0:0:0:0", "00000000000000000000000000000000")]
    [InlineData("1:2:3:4:5:6:7:8", "00010002000300040005000600070008")]
    [InlineData("1:2:3:4:5:6:7::", "00010002000300040005000600070000")]
    [InlineData("::2:3:4:5:6:7:8", "00000002000300040005000600070008")]
    [InlineData("1:2:3::5:6:7:8", "00010002000300000005000600070008")]
    [InlineData("2001:db8:1234:5678:11:2233:4455:6677", "20010db8123456780011223344556677")]
    [InlineData("2001:DB8::AbCd", "20010db800000000000000000000abcd")]
    [InlineData("fe80::0001", "fe800000000000000000000000000001")]
    [InlineData("::ffff:192.0.2.1", "00000000000000000000ffffc0000201")]
    [InlineData("::192.0.2.1", "000000000000000000000000c0000201")]
    [InlineData("64:ff9b::1.2.3.4", "0064ff9b000000000000000001020304")]
    [InlineData("1:2:3:4:5:6:7.8.9.10", "0001000200030004000500060708090a")]
    [InlineData("1:2:3:4:5::7.8.9.10", "0001000200030004000500000708090a")]
    [InlineData("ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255", "ffffffffffffffffffffffffffffffff")]
    public void IPv6_Literal_IsRead(string text, string expected)
    {
        Assert.True(IpLiteral.TryParseIPv6(text, out UInt128 address));
        Assert.Equal(UInt128.Parse(expected, NumberStyles.HexNumber, CultureInfo.InvariantCulture), address);
    }

    [Theory]
    [InlineData("")]
    [InlineData(":")]
    [InlineData(":::")]
    [InlineData("1")]
    [InlineData("1:")]
    [InlineData(":1")]
    [InlineData("1:2:3:4:5:6:7")]
    [InlineData("1:2:3:4:5:6:7:")]
    [InlineData(":2:3:4:5:6:7:8")]
    [InlineData("1:2:3:4:5:6:7:8:")]
    [InlineData("1:2:3:4:5:6:7:8:9")]
    [InlineData("1:2:3:4:5:6:7:8::")]
    [InlineData("::1:2:3:4:5:6:7:8")]
    [InlineData("1:2:3:4::5:6:7:8")]
    [InlineData("1::2::3")]
    [InlineData("::1::")]
    [InlineData("1:::2")]
    [InlineData("12345::")]
    [InlineData("::00001")]
    [InlineData("g::")]
    [InlineData("::0x1")]
    [InlineData("::1%eth0")]
    [InlineData("::1%25eth0")]
    [InlineData("[::1]")]
    [InlineData("::1/64")]
    [InlineData(" ::1")]
    [InlineData("::1 ")]
    [InlineData("::1\0")]
    [InlineData("::\uff11")]
    [InlineData("1.2.3.4")]
    [InlineData("::1.2.3")]
    [InlineData("::01.2.3.4")]
    [InlineData("::1.2.3.4:5")]
    [InlineData("::1.2.3.4::")]
    [InlineData("::256.2.3.4")]
    [InlineData("::a.2.3.4")]
    [InlineData("1:2:3:4:5:6:7:8.9.10.11")]
    [InlineData("1:2:3:4:5:7.8.9.10")]
    [InlineData("1:2:3:4:5:6::7.8.9.10")]
    [InlineData("200a0b:12f0::1")]
    [InlineData("0000:0000:0000:0000:0000:0000:0000:0000:0000:0000")]
    public void IPv6_NotALiteral_IsRefusedAsZero(string text)
    {
        Assert.False(IpLiteral.TryParseIPv6(text, out UInt128 address));
        Assert.Equal(UInt128.Zero, address);
    }

    [Fact]
    public void Parsing_VeryLongInput_IsRefused()
    {
        string digits = new('1', 1 << 20);
        Assert.False(IpLiteral.TryParseIPv4(digits, out _));
        Assert.False(IpLiteral.TryParseIPv6(digits, out _));
        Assert.False(IpLiteral.TryParseIPv6("::" + new string('0', 1 << 20), out _));
    }

    [Fact]
    public void Parsing_AnyLiteral_AllocatesNothing()
    {
        Assert.Equal(3, CountAccepted());
        Assert.Equal(0, Allocations.Measure(() => CountAccepted()));

        static int CountAccepted()
        {
            int count = 0;
            count += IpLiteral.TryParseIPv4("192.0.2.1", out _) ? 1 : 0;
            count += IpLiteral.TryParseIPv4("192.0.2.x", out _) ? 1 : 0;
            count += IpLiteral.TryParseIPv6("2001:db8::1", out _) ? 1 : 0;
            count += IpLiteral.TryParseIPv6("::ffff:192.0.2.1", out _) ? 1 : 0;
            count += IpLiteral.TryParseIPv6("1::2::3", out _) ? 1 : 0;
            return count;
        }
    }

    // The platform's formatter is the independent witness: whatever it prints must read back to the same number.
    [Fact]
    public void IPv4_PrintedByPlatform_ReadsBack()
    {
        Check.QuickThrowOnFailure(Prop.ForAll(ArbMap.Default.ArbFor<uint>(), value =>
        {
            byte[] bytes = [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];
            return IpLiteral.TryParseIPv4(new IPAddress(bytes).ToString(), out uint address) && address == value;
        }));
    }

    [Fact]
    public void IPv6_PrintedByPlatform_ReadsBack()
    {
        // Few distinct groups, so that runs of zeros, which are printed as "::", are common.
        Gen<ushort[]> groups = Gen.Elements<ushort>(0, 0, 0, 1, 0xffff, 0xabc).ArrayOf(8);
        Check.QuickThrowOnFailure(Prop.ForAll(groups.ToArbitrary(), parts =>
        {
            byte[] bytes = new byte[16];
            UInt128 expected = UInt128.Zero;
            for (int i = 0; i < 8; i++)
            {
                bytes[2 * i] = (byte)(parts[i] >> 8);
                bytes[(2 * i) + 1] = (byte)parts[i];
                expected = (expected << 16) | parts[i];
            }

            return IpLiteral.TryParseIPv6(new IPAddress(bytes).ToString(), out UInt128 address) && address == expected;
        }));
    }

    // The platform takes far more than we do, but everything we take it must take, with the same result.
    [Fact]
    public void IPv6_AnyText_AcceptsNoMoreThanPlatform()
    {
        Gen<string> text = Gen.Elements("::", ":", "0", "1", "ab", "ffff", "1.2.3.4", "12345", ".").ArrayOf().Select(string.Concat);
        Check.QuickThrowOnFailure(Prop.ForAll(text.ToArbitrary(), candidate =>
        {
            if (!IpLiteral.TryParseIPv6(candidate, out UInt128 address))
            {
                return true;
            }

            byte[] bytes = new byte[16];
            BinaryPrimitives.WriteUInt128BigEndian(bytes, address);
            return IPAddress.TryParse(candidate, out IPAddress? parsed)
                && parsed.AddressFamily == AddressFamily.InterNetworkV6
                && parsed.GetAddressBytes().AsSpan().SequenceEqual(bytes);
        }));
    }
}
