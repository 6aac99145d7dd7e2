using System.Net;
using Stack.Stun;
using Xunit;

namespace Stack.Transport.Tests;

public sealed class StunListenEndPointTests
{
    [Theory]
    [InlineData("udp://127.0.0.1:3478", StunTransport.Udp, "127.0.0.1:3478")]
    [InlineData("udp://127.0.0.1:0", StunTransport.Udp, "127.0.0.1:0")]
    [InlineData("tcp://127.0.0.1:65535", StunTransport.Tcp, "127.0.0.1:65535")]
    [InlineData("tls://[::1]:5349", StunTransport.Tls, "[::1]:5349")]
    [InlineData("udp://0.0.0.0:3478", StunTransport.Udp, "0.0.0.0:3478")]
    [InlineData("udp://[::]:3478", StunTransport.Udp, "[::]:3478")]
    [InlineData("udp://[fe80::1%2]:3478", StunTransport.Udp, "[fe80::1%2]:3478")]
    public void TryParse_EndPoint_RoundTrips(string text, StunTransport transport, string endPoint)
    {
        Assert.True(StunListenEndPoint.TryParse(text, out StunListenEndPoint? listen));
        Assert.Equal(transport, listen.Transport);
        Assert.Equal(IPEndPoint.Parse(endPoint), listen.EndPoint);
        Assert.Equal(text, listen.ToString());
    }

    [Theory]
    [InlineData("udp://127.0.0.1", 3478)]
    [InlineData("tcp://127.0.0.1", 3478)]
    [InlineData("tls://127.0.0.1", 5349)]
    [InlineData("udp://[::1]", 3478)]
    [InlineData("tls://[::1]", 5349)]
    public void TryParse_NoPort_TakesTheDefault(string text, int port)
    {
        Assert.True(StunListenEndPoint.TryParse(text, out StunListenEndPoint? listen));
        Assert.Equal(port, listen.EndPoint.Port);
    }

    [Theory]
    [InlineData("")]
    [InlineData("127.0.0.1:3478")]
    [InlineData("udp:127.0.0.1:3478")]
    [InlineData("://127.0.0.1:3478")]
    [InlineData("udp://")]
    [InlineData("udp://:3478")]
    [InlineData("udp://localhost:3478")]
    [InlineData("udp://127.0.0.1:")]
    [InlineData("udp://127.0.0.1:65536")]
    [InlineData("udp://127.0.0.1:-1")]
    [InlineData("udp://127.0.0.1:3478x")]
    [InlineData("udp://127.0.0.1:0x10")]
    [InlineData("udp://127.0.0.1:3478/")]
    [InlineData("udp://127.0.0.1:3478 ")]
    [InlineData("udp:// 127.0.0.1:3478")]
    [InlineData("udp://127.0.0.01:3478")]
    [InlineData("udp://127.1:3478")]
    [InlineData("udp://::1:3478")]
    [InlineData("udp://::1")]
    [InlineData("udp://[::1")]
    [InlineData("udp://[127.0.0.1]:3478")]
    [InlineData("udp://[127.0.0.1]")]
    [InlineData("udp://[::1]3478")]
    [InlineData("UDP://127.0.0.1:3478")]
    [InlineData("dtls://127.0.0.1:3478")]
    [InlineData("sctp://127.0.0.1:3478")]
    public void TryParse_NotAnEndPoint_IsRefused(string text)
    {
        Assert.False(StunListenEndPoint.TryParse(text, out StunListenEndPoint? listen));
        Assert.Null(listen);
    }
}
