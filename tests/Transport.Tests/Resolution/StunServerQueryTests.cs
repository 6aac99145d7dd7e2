using System;
using System.Net;
using System.Net.Sockets;
using Stack.Stun;
using Xunit;

namespace Stack.Transport.Tests;

public sealed class StunServerQueryTests
{
    [Theory]
    [InlineData("example.org", "example.org")]
    [InlineData("Example.org.", "Example.org")]
    [InlineData("localhost", "localhost")]
    [InlineData("my_host.example", "my_host.example")]
    [InlineData("1.2.3.example", "1.2.3.example")]
    [InlineData("b\u00fccher.example", "xn--bcher-kva.example")]
    public void Host_Name_IsTaken(string host, string name)
    {
        StunServerQuery query = new(host);

        Assert.Equal(name, query.HostName);
        Assert.Null(query.Host.Address);
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("2001:db8::1", "2001:db8::1")]
    [InlineData("[2001:DB8::1]", "2001:db8::1")]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1")]
    [InlineData("[fe80::1%1]", "fe80::1%1")]
    public void Host_Literal_IsTaken(string host, string address)
    {
        StunServerQuery query = new(host);

        Assert.Equal(IPAddress.Parse(address), query.Host.Address);
        Assert.DoesNotContain('[', query.HostName);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("-h")]
    [InlineData("a b")]
    [InlineData("a..b")]
    [InlineData(".a")]
    [InlineData("a..")]
    [InlineData("user@host")]
    [InlineData("a%00.example")]
    [InlineData("a\0.example")]
    [InlineData("example.org:3478")]
    [InlineData("127.1")]
    [InlineData("0x7f.1")]
    [InlineData("2130706433")]
    [InlineData("0x7f000001")]
    [InlineData("192.0.2.256")]
    [InlineData("192.0.2.01")]
    [InlineData("192.0.2.1.")]
    [InlineData("[192.0.2.1]")]
    [InlineData("[::1")]
    [InlineData("[]")]
    [InlineData("[::1]:3478")]
    [InlineData("::1/128")]
    [InlineData("[::1%25eth0]")]
    [InlineData("2001:db8::1%1")]
    [InlineData("fe80::1%nosuchinterface")]
    [InlineData("1:2:3:4:5:6:7:8:9")]
    [InlineData("\u202eexample.org")]
    public void Host_Neither_IsTheCallersMistake(string host) => Assert.ThrowsAny<ArgumentException>(() => new StunServerQuery(host));

    [Theory]
    [InlineData(300, 'a')]
    [InlineData(100_000, '\u00fc')]
    public void Host_TooLong_IsTheCallersMistake(int length, char letter) => Assert.ThrowsAny<ArgumentException>(() => new StunServerQuery(new string(letter, length)));

    [Theory]
    [InlineData(0)]
    [InlineData(65536)]
    [InlineData(-1)]
    public void Port_OutOfRange_IsTheCallersMistake(int port) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new StunServerQuery("example.org") { Port = port });

    [Fact]
    public void Family_OfAnotherKind_IsTheCallersMistake() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new StunServerQuery("example.org") { Family = AddressFamily.Unix });

    [Theory]
    [InlineData(StunTransport.Udp, StunService.Stun, "_stun._udp.example.org", 3478)]
    [InlineData(StunTransport.Tcp, StunService.Stun, "_stun._tcp.example.org", 3478)]
    [InlineData(StunTransport.Tls, StunService.Stun, "_stuns._tcp.example.org", 5349)]
    [InlineData(StunTransport.Udp, StunService.StunBehavior, "_stun-behavior._udp.example.org", 3478)]
    [InlineData(StunTransport.Tcp, StunService.StunBehavior, "_stun-behavior._tcp.example.org", 3478)]
    [InlineData(StunTransport.Tls, StunService.StunBehavior, "_stun-behaviors._tcp.example.org", 5349)]
    public void ServiceRecordName_TransportAndService_FollowTheRfcs(StunTransport transport, StunService service, string name, int port)
    {
        StunServerQuery query = new("example.org") { Transport = transport, Service = service };

        Assert.Equal((name, port), (query.ServiceRecordName, query.DefaultPort));
    }
}
