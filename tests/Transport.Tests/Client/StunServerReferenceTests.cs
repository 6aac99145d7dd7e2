using System;
using Stack.Stun;
using Xunit;

namespace Stack.Transport.Tests;

public sealed class StunServerReferenceTests
{
    [Theory]
    [InlineData("stun.example.org", "stun.example.org", null, null)]
    [InlineData("stun.example.org:3478", "stun.example.org", 3478, null)]
    [InlineData("STUN.Example.ORG:1", "STUN.Example.ORG", 1, null)]
    [InlineData("localhost:65535", "localhost", 65535, null)]
    [InlineData("192.0.2.1", "192.0.2.1", null, null)]
    [InlineData("192.0.2.1:3478", "192.0.2.1", 3478, null)]
    [InlineData("2001:db8::1", "2001:db8::1", null, null)]
    [InlineData("[2001:db8::1]", "2001:db8::1", null, null)]
    [InlineData("[2001:db8::1]:5349", "2001:db8::1", 5349, null)]
    [InlineData("::1", "::1", null, null)]
    [InlineData("stun:stun.example.org", "stun.example.org", null, null)]
    [InlineData("STUN:stun.example.org", "stun.example.org", null, null)]
    [InlineData("stun:stun.example.org:1234", "stun.example.org", 1234, null)]
    [InlineData("stuns:stun.example.org", "stun.example.org", null, StunTransport.Tls)]
    [InlineData("stun:[2001:db8::1]:3478", "2001:db8::1", 3478, null)]
    [InlineData("stuns:192.0.2.1:5349", "192.0.2.1", 5349, StunTransport.Tls)]
    [InlineData("turn:turn.example.org?transport=tcp", "turn.example.org", null, StunTransport.Tcp)]
    [InlineData("turn:turn.example.org?transport=udp", "turn.example.org", null, StunTransport.Udp)]
    [InlineData("turns:turn.example.org", "turn.example.org", null, StunTransport.Tls)]
    [InlineData("turns:turn.example.org?transport=tcp", "turn.example.org", null, StunTransport.Tls)]
    public void Parse_Reference_NamesHostPortAndTransport(string text, string host, int? port, StunTransport? transport)
    {
        StunServerReference reference = StunServerReference.Parse(text);

        Assert.Equal(host, reference.Host, ignoreCase: true);
        Assert.Equal(port, reference.Port);
        Assert.Equal(transport, reference.Transport);
        Assert.Equal(text, reference.Text);
        Assert.Equal(text, reference.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(":")]
    [InlineData(":3478")]
    [InlineData("host:")]
    [InlineData("host:0")]
    [InlineData("host:65536")]
    [InlineData("host:-1")]
    [InlineData("host:+1")]
    [InlineData("host:3478x")]
    [InlineData("host:0x10")]
    [InlineData("host: 3478")]
    [InlineData("host:3478 ")]
    [InlineData(" host")]
    [InlineData("host\n")]
    [InlineData("host\0")]
    [InlineData("ho st")]
    [InlineData("-h")]
    [InlineData("a..b")]
    [InlineData("user@host")]
    [InlineData("host/path")]
    [InlineData("http://host")]
    [InlineData("[::1")]
    [InlineData("::1]")]
    [InlineData("[]")]
    [InlineData("[]:3478")]
    [InlineData("[::1]3478")]
    [InlineData("[::1]:")]
    [InlineData("[::1]:0")]
    [InlineData("[::1]:65536")]
    [InlineData("[127.0.0.1]:3478")]
    [InlineData("[host]:3478")]
    [InlineData("1:2:3")]
    [InlineData("127.1")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("127.0.0.01")]
    [InlineData("256.0.0.1:1")]
    [InlineData("stun:")]
    [InlineData("stun://host")]
    [InlineData("stun:user@host")]
    [InlineData("stun:host%00")]
    [InlineData("stun:host:0")]
    [InlineData("stun:host:65536")]
    [InlineData("stun:host?transport=udp")]
    [InlineData("turn:host?transport=sctp")]
    [InlineData("turn:host?transport=")]
    [InlineData("stun:[::1%25eth0]")]
    [InlineData("stun:a..b")]
    public void TryParse_NoReference_SaysWhatIsWrong(string text)
    {
        Assert.False(StunServerReference.TryParse(text, out StunServerReference? reference, out string? problem));
        Assert.Null(reference);
        Assert.NotEmpty(problem);
        Assert.Equal(problem, Assert.Throws<FormatException>(() => StunServerReference.Parse(text)).Message);
    }

    [Fact]
    public void TryParse_HostOf300Characters_IsRefused()
    {
        Assert.False(StunServerReference.TryParse(new string('a', 300), out _, out string? problem));
        Assert.True(problem.Length < 200);
    }
}
