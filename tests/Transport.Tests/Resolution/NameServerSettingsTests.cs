using System;
using System.Linq;
using System.Net;
using Xunit;

namespace Stack.Transport.Tests;

public sealed class NameServerSettingsTests
{
    [Fact]
    public void Parse_OrdinaryFile_GivesServersInOrder()
    {
        NameServerSettings settings = NameServerSettings.Parse(
            "# comment\r\n; other\ndomain corp.example\nsearch a.example b.example\nnameserver 192.0.2.53\r\n\tnameserver  2001:db8::53  # here\noptions edns0 timeout:3 attempts:4 rotate\n");

        Assert.Equal([new IPEndPoint(IPAddress.Parse("192.0.2.53"), 53), new IPEndPoint(IPAddress.Parse("2001:db8::53"), 53)], settings.Servers);
        Assert.Equal((TimeSpan.FromSeconds(3), 4), (settings.Timeout, settings.Attempts));
    }

    [Theory]
    [InlineData("options timeout:0 attempts:0", 1, 1)]
    [InlineData("options timeout:4000 attempts:99", 30, 5)]
    [InlineData("options timeout:-1 attempts:x", 5, 2)]
    [InlineData("options timeout: attempts", 5, 2)]
    [InlineData("options", 5, 2)]
    [InlineData("", 5, 2)]
    public void Parse_Options_AreBounded(string text, int seconds, int attempts)
    {
        NameServerSettings settings = NameServerSettings.Parse(text);

        Assert.Equal((TimeSpan.FromSeconds(seconds), attempts), (settings.Timeout, settings.Attempts));
        Assert.Empty(settings.Servers);
    }

    [Theory]
    [InlineData("nameserver")]
    [InlineData("nameserver localhost")]
    [InlineData("nameserver 127.1")]
    [InlineData("nameserver 0x7f.0.0.1")]
    [InlineData("nameserver 192.0.2.053")]
    [InlineData("nameserver [::1]:53")]
    [InlineData("nameserver fe80::1%nosuchinterface")]
    [InlineData("#nameserver 192.0.2.53")]
    [InlineData("nameservers 192.0.2.53")]
    public void Parse_LineWithoutAnAddress_IsSkipped(string line) => Assert.Empty(NameServerSettings.Parse(line).Servers);

    [Fact]
    public void Parse_ScopedAddress_KeepsItsZone()
    {
        IPEndPoint server = Assert.Single(NameServerSettings.Parse("nameserver fe80::53%1").Servers);

        Assert.Equal(1, server.Address.ScopeId);
    }

    [Fact]
    public void Parse_ManyServers_KeepsThree()
    {
        string text = string.Join('\n', Enumerable.Range(1, 200).Select(i => $"nameserver 192.0.2.{i}"));

        Assert.Equal(["192.0.2.1", "192.0.2.2", "192.0.2.3"], NameServerSettings.Parse(text).Servers.Select(server => server.Address.ToString()));
    }
}
