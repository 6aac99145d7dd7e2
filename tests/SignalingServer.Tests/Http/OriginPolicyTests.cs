using Xunit;

namespace Stack.Signaling.Server.Tests;

public sealed class OriginPolicyTests
{
    private static readonly OriginPolicy Policy = new(["https://good.example", "http://other.example:8080"]);

    [Theory]
    [InlineData("https://good.example", true)]
    [InlineData("https://good.example:443", true)]
    [InlineData("HTTPS://GOOD.EXAMPLE", true)]
    [InlineData("http://other.example:8080", true)]
    [InlineData("https://server.example:8443", true)]
    [InlineData("http://server.example:8443", true)]
    [InlineData("http://good.example", false)]
    [InlineData("https://good.example:444", false)]
    [InlineData("https://good.example.evil.com", false)]
    [InlineData("https://evil.example", false)]
    [InlineData("https://evil.example/https://good.example", false)]
    [InlineData("https://good.example@evil.example", false)]
    [InlineData("https://server.example", false)]
    [InlineData("null", false)]
    [InlineData("", false)]
    [InlineData("file://", false)]
    [InlineData("chrome-extension://good.example", false)]
    public void Allows_Origin_IsJudgedAsAWhole(string origin, bool expected)
        => Assert.Equal(expected, Policy.Allows([origin], "server.example:8443"));

    [Theory]
    [InlineData("http://server.example", "server.example", true)]
    [InlineData("https://server.example", "server.example", true)]
    [InlineData("https://server.example:443", "server.example", true)]
    [InlineData("http://server.example", "SERVER.example:80", true)]
    [InlineData("http://[::1]:8080", "[::1]:8080", true)]
    [InlineData("http://server.example:8080", "server.example", false)]
    [InlineData("http://server.example", "", false)]
    public void Allows_TheServersOwnPage_IsToldByTheHost(string origin, string host, bool expected)
        => Assert.Equal(expected, Policy.Allows([origin], host));

    [Fact]
    public void Allows_NoOrigin_IsNoBrowser() => Assert.True(Policy.Allows([], "server.example"));

    [Fact]
    public void Allows_TwoOrigins_IsRefused() => Assert.False(Policy.Allows(["https://good.example", "https://good.example"], "server.example"));

    [Fact]
    public void Allows_Everywhere_StillRefusesWhoHidesWhereItIsFrom()
    {
        OriginPolicy everywhere = new(["*"]);
        Assert.True(everywhere.Allows(["https://evil.example"], "server.example"));
        Assert.False(everywhere.Allows(["null"], "server.example"));
    }
}
