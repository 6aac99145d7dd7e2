using System;
using System.Linq;
using System.Text;
using Xunit;

namespace Stack.Signaling.Tests;

/// <summary>security.md W11, in every dialect: closed with 4400 or ignored, never an exception.</summary>
public sealed class HostileJsonTests
{
    public static TheoryData<SignalingDialect, string> Malformed()
    {
        string[] texts =
        [
            "",
            " ",
            "null",
            "7",
            "\"text\"",
            "[]",
            "{",
            "{} {}",
            "{\"a\":1,}",
            "{'a':1}",
            "{\"a\":NaN}",
            "{\"a\":Infinity}",
            "{\"a\":1e999}",
            "{\"a\":01}",
            "{\"a\":1/*c*/}",
            "{\"a\":1}//c",
            "\uFEFF{}",
            "{\"a\":1,\"a\":2}",
            "{\"a\":1,\"\\u0061\":2}",
            "{\"b\":{\"a\":1,\"a\":1}}",
            "{\"a\":\"\\ud800\"}",
            "{\"a\":\"\\udc00\"}",
            "{\"a\":\"\\ud800x\"}",
            "{\"a\":\"\\ud800\\ud800\"}",
            "{\"a\":\"\\ud800\\n\"}",
            "{\"\\ud800\":1}",
            "{\"a\":\"\\ude00\\ud83d\"}",
            "{\"a\":\"\n\"}",
            "{\"a\":\"\\x\"}",
            "{\"a\":[[[[[[[[1]]]]]]]]}",
            "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{}}}}}}}}}",
            new string('[', 10_000),
            string.Concat(Enumerable.Repeat("{\"a\":", 3000)),
        ];
        var cases = new TheoryData<SignalingDialect, string>();
        foreach (SignalingDialect dialect in Enum.GetValues<SignalingDialect>())
        {
            foreach (string text in texts)
            {
                cases.Add(dialect, text);
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Malformed), DisableDiscoveryEnumeration = true)]
    public void Message_ThatIsNoGoodJson_Closes4400(SignalingDialect dialect, string text)
    {
        var desk = new Desk();
        Client client = new DialectPeer(desk, dialect, "anna").Client;
        client.Say(text);
        Assert.Equal(4400, client.CloseCode);
        client.Say(text);
    }

    [Theory]
    [InlineData(new byte[] { 0x7B, 0x22, 0x61, 0x22, 0x3A, 0x22, 0xED, 0xA0, 0x80, 0x22, 0x7D })]
    [InlineData(new byte[] { 0x7B, 0x22, 0x61, 0x22, 0x3A, 0x22, 0xC0, 0x80, 0x22, 0x7D })]
    [InlineData(new byte[] { 0x7B, 0x22, 0x61, 0x22, 0x3A, 0x22, 0xFF, 0x22, 0x7D })]
    [InlineData(new byte[] { 0x7B, 0x22, 0x61, 0x22, 0x3A, 0x22, 0xE2, 0x82, 0x22, 0x7D })]
    public void Message_ThatIsNoUtf8_Closes4400(byte[] utf8)
    {
        Client client = new Desk().Join("w");
        client.Say(utf8);
        Assert.Equal(4400, client.CloseCode);
    }

    // Eight levels are allowed, numbers beyond what a member may be are refused where one is read, and pairs of surrogates are characters.
    [Theory]
    [InlineData("{\"a\":[[[[[[[1]]]]]]]}", null)]
    [InlineData("{\"a\":18446744073709551616}", null)]
    [InlineData("{\"a\":\"\\ud83d\\ude00 \\\\ud800 \\u00e9\"}", null)]
    [InlineData("{\"to\":18446744073709551616,\"candidate\":null}", 4400)]
    [InlineData("{\"to\":1e999,\"candidate\":null}", 4400)]
    [InlineData("{\"to\":2147483648,\"candidate\":null}", 4400)]
    [InlineData("{\"to\":-1,\"candidate\":null}", 4400)]
    [InlineData("{\"to\":1.5,\"candidate\":null}", 4400)]
    [InlineData("{\"to\":true,\"candidate\":null}", 4400)]
    public void Message_AtTheEdge_IsJudgedByWhatIsRead(string text, int? code)
    {
        Client client = new Desk().Join("w");
        client.Say(text);
        Assert.Equal(code, client.CloseCode);
    }

    [Fact]
    public void Codecs_OfAllDialects_SayTheSame()
    {
        foreach (object[] one in Malformed())
        {
            byte[] utf8 = Encoding.UTF8.GetBytes((string)one[1]);
            Assert.Equal(MessageStatus.Malformed, OwnMessage.Parse(utf8, out _));
            Assert.Equal(MessageStatus.Malformed, VillasMessage.Parse(utf8, out _));
            Assert.Equal(MessageStatus.Malformed, LibDataChannelMessage.Parse(utf8, out _));
            Assert.Equal(MessageStatus.Malformed, LectureMessage.Parse(utf8, out _));
            Assert.Equal(MessageStatus.Malformed, PeerJsMessage.Parse(utf8, out _));
            Assert.False(SharedMessage.TryParse(utf8, out _));
        }
    }
}
