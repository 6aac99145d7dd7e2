using System;
using System.Linq;
using System.Text;
using Xunit;

namespace Stack.Stun.Tests;

public sealed class AttributeEncodingTests
{
    public static TheoryData<int> Samples => new(Enumerable.Range(0, AttributeSamples.All.Count));

    [Theory]
    [MemberData(nameof(Samples))]
    public void Add_Sample_HasTheBytesOfTheRfc(int index)
    {
        (string name, AttributeWriter write, string hex) = AttributeSamples.All[index];
        byte[] buffer = new byte[100];
        buffer.AsSpan().Fill(0xA5);
        var writer = new StunMessageWriter(buffer, StunMessageType.BindingRequest, Wire.Id);

        write(ref writer);

        Assert.Equal(Convert.ToHexStringLower(Wire.Message(Wire.Hex(hex))), Convert.ToHexStringLower(writer.Written));
        Assert.All(buffer[writer.Length..], unused => Assert.Equal(0xA5, unused));
        Assert.Equal(StunDecodeStatus.Ok, StunMessage.Decode(writer.Written, out StunMessage message));
        Assert.Equal(StunAttributeStatus.Present, AttributeReaders.All[name](message));
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Add_BufferOneByteTooSmall_ThrowsAndLeavesTheMessageAlone(int index)
    {
        (_, AttributeWriter write, string hex) = AttributeSamples.All[index];
        int size = Wire.Hex(hex).Length;
        byte[] exact = new byte[StunMessage.HeaderSize + size];
        var fits = new StunMessageWriter(exact, StunMessageType.BindingRequest, Wire.Id);
        write(ref fits);
        Assert.Equal(0, fits.Remaining);

        byte[] small = new byte[exact.Length - 1];
        var writer = new StunMessageWriter(small, StunMessageType.BindingRequest, Wire.Id);
        ArgumentException? thrown = null;
        try
        {
            write(ref writer);
        }
        catch (ArgumentException exception)
        {
            thrown = exception;
        }

        Assert.NotNull(thrown);
        Assert.Equal(Convert.ToHexStringLower(Wire.Message()), Convert.ToHexStringLower(writer.Written));
        Assert.All(small[StunMessage.HeaderSize..], unused => Assert.Equal(0, unused));
    }

    [Fact]
    public void Samples_EveryReader_HasOneOrIsReadOnly()
    {
        // No server of ours sends a classic password or a time that nobody reads.
        Assert.Equal(
            AttributeReaders.All.Keys.Except(["PASSWORD", "CACHE-TIMEOUT"]),
            AttributeSamples.All.Select(sample => sample.Name).Distinct().Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("USERNAME", 508, 509)]
    [InlineData("REALM", 127, 128)]
    [InlineData("NONCE", 127, 128)]
    [InlineData("SOFTWARE", 127, 128)]
    [InlineData("ERROR-CODE", 127, 128)]
    [InlineData("ALTERNATE-DOMAIN", 255, 256)]
    public void AddText_Ascii_IsLimitedToTheLengthOfTheRfc(string name, int longest, int tooLong)
    {
        AddText(name, new string('x', longest));
        Assert.Throws<ArgumentException>(() => AddText(name, new string('x', tooLong)));
    }

    // RFC 8489 sections 14.8 to 14.10 and 14.14: fewer than 128 characters, which UTF-8 encodes in up to 509 bytes. A character is a code
    // point: one beyond U+FFFF takes two UTF-16 units and counts once.
    [Theory]
    [InlineData("REALM")]
    [InlineData("NONCE")]
    [InlineData("SOFTWARE")]
    [InlineData("ERROR-CODE")]
    public void AddText_CharactersOfFourBytes_CountOnceEach(string name)
    {
        AddText(name, string.Concat(Enumerable.Repeat("\U0001F600", 127)));
        Assert.Throws<ArgumentException>(() => AddText(name, string.Concat(Enumerable.Repeat("\U0001F600", 128))));
        AddText(name, string.Concat(Enumerable.Repeat("\u30DE", 127)));
        Assert.Throws<ArgumentException>(() => AddText(name, string.Concat(Enumerable.Repeat("\u30DE", 128))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a\u00E9")]
    [InlineData("a\n")]
    public void AddAlternateDomain_NoAsciiName_Throws(string name)
        => Assert.Throws<ArgumentException>(() => AddText("ALTERNATE-DOMAIN", name));

    [Theory]
    [InlineData(0)]
    [InlineData(299)]
    [InlineData(700)]
    [InlineData(-1)]
    [InlineData(65536 + 400)]
    public void AddErrorCode_OutOfRange_Throws(int code) => Assert.Throws<ArgumentOutOfRangeException>(() =>
    {
        var writer = new StunMessageWriter(new byte[64], StunMessageType.BindingErrorResponse, Wire.Id);
        writer.AddErrorCode((StunErrorCode)code);
    });

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(65536)]
    public void AddResponsePort_OutOfRange_Throws(int port) => Assert.Throws<ArgumentOutOfRangeException>(() =>
    {
        var writer = new StunMessageWriter(new byte[64], StunMessageType.BindingRequest, Wire.Id);
        writer.AddResponsePort(port);
    });

    [Fact]
    public void AddAddress_DefaultValue_Throws()
    {
        Assert.Throws<ArgumentException>(() =>
        {
            var writer = new StunMessageWriter(new byte[64], StunMessageType.BindingRequest, Wire.Id);
            writer.AddXorMappedAddress(default);
        });
        Assert.Throws<ArgumentException>(() =>
        {
            var writer = new StunMessageWriter(new byte[64], StunMessageType.BindingRequest, Wire.Id);
            writer.AddMappedAddress(default);
        });
    }

    [Fact]
    public void Add_WrongSizeOrEmptyList_Throws()
    {
        Assert.Throws<ArgumentException>(() =>
        {
            var writer = new StunMessageWriter(new byte[64], StunMessageType.BindingRequest, Wire.Id);
            writer.AddUserhash(new byte[31]);
        });
        Assert.Throws<ArgumentException>(() =>
        {
            var writer = new StunMessageWriter(new byte[64], StunMessageType.BindingRequest, Wire.Id);
            writer.AddPasswordAlgorithms();
        });
    }

    [Fact]
    public void AddMappedAddress_ScopeId_StaysOffTheWire()
    {
        byte[] with = new byte[44];
        byte[] without = new byte[44];
        var first = new StunMessageWriter(with, StunMessageType.BindingRequest, Wire.Id);
        var second = new StunMessageWriter(without, StunMessageType.BindingRequest, Wire.Id);
        first.AddMappedAddress(TransportAddress.FromIPv6(1, 2, scopeId: 7));
        second.AddMappedAddress(TransportAddress.FromIPv6(1, 2));
        Assert.Equal(without, with);
    }

    private static void AddText(string name, string text)
    {
        byte[] value = Encoding.UTF8.GetBytes(text);
        var writer = new StunMessageWriter(new byte[1024], StunMessageType.BindingRequest, Wire.Id);
        switch (name)
        {
            case "USERNAME":
                writer.AddUsername(value);
                break;
            case "REALM":
                writer.AddRealm(value);
                break;
            case "NONCE":
                writer.AddNonce(value);
                break;
            case "SOFTWARE":
                writer.AddSoftware(value);
                break;
            case "ALTERNATE-DOMAIN":
                writer.AddAlternateDomain(value);
                break;
            default:
                writer.AddErrorCode(StunErrorCode.BadRequest, value);
                break;
        }

        Assert.Equal(StunDecodeStatus.Ok, StunMessage.Decode(writer.Written, out StunMessage message));
        Assert.Equal(StunAttributeStatus.Present, AttributeReaders.All[name](message));
    }
}
