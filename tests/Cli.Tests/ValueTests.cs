using System;
using System.Linq;
using System.Net;
using Stack.Transport;
using Xunit;

namespace Stack.Cli.Tests;

public sealed class ValueTests
{
    [Theory]
    [InlineData("5", 5000)]
    [InlineData("0.25", 250)]
    [InlineData("10s", 10_000)]
    [InlineData("500ms", 500)]
    [InlineData("2m", 120_000)]
    [InlineData("0", 0)]
    public void Duration_InSecondsOrWithAUnit_IsRead(string text, int milliseconds)
    {
        Assert.True(DurationText.TryParse(text, out TimeSpan duration));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), duration);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("1e3")]
    [InlineData("1,5")]
    [InlineData("Infinity")]
    [InlineData("NaN")]
    [InlineData("86401")]
    [InlineData(" 1")]
    [InlineData("1h")]
    public void Duration_Otherwise_IsRefused(string text) => Assert.False(DurationText.TryParse(text, out _));

    [Fact]
    public void RoundTrips_OfOneToAHundred_HaveTheNearestRanks()
    {
        var summary = new RoundTripSummary();
        foreach (int milliseconds in Enumerable.Range(1, 100).Reverse())
        {
            summary.Add(TimeSpan.FromMilliseconds(milliseconds));
        }

        Assert.Equal(TimeSpan.FromMilliseconds(1), summary.Min);
        Assert.Equal(TimeSpan.FromMilliseconds(50), summary.Median);
        Assert.Equal(TimeSpan.FromMilliseconds(95), summary.P95);
        Assert.Equal(TimeSpan.FromMilliseconds(100), summary.Max);
    }

    [Fact]
    public void RoundTrips_BeyondTheCapacity_ForgetTheOldestButKeepTheExtremes()
    {
        var summary = new RoundTripSummary();
        summary.Add(TimeSpan.FromSeconds(9));
        for (int i = 0; i < 10_000; i++)
        {
            summary.Add(TimeSpan.FromMilliseconds(2));
        }

        Assert.Equal(TimeSpan.FromSeconds(9), summary.Max);
        Assert.Equal(TimeSpan.FromMilliseconds(2), summary.P95);
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("10.1.2.3", true)]
    [InlineData("172.16.0.1", true)]
    [InlineData("172.32.0.1", false)]
    [InlineData("192.168.1.1", true)]
    [InlineData("169.254.1.1", true)]
    [InlineData("203.0.113.1", false)]
    [InlineData("::1", true)]
    [InlineData("fe80::1", true)]
    [InlineData("fd00::1", true)]
    [InlineData("2001:db8::1", false)]
    public void Address_OfThisMachineOrAPrivateNetwork_IsLocal(string address, bool expected)
        => Assert.Equal(expected, AddressScope.IsLocal(IPAddress.Parse(address)));

    [Theory]
    [InlineData("AddressAndPortDependent", "address-and-port-dependent")]
    [InlineData("Ok", "ok")]
    public void Kebab_OfAName_HasHyphens(string name, string expected) => Assert.Equal(expected, Kebab.From(name));

    [Fact]
    public void Failure_OfEveryKind_HasAnExitCodeAndWords()
    {
        foreach (StunFailure kind in Enum.GetValues<StunFailure>())
        {
            Failure failure = Failures.From(new StunException(kind, "message", "hint"));
            Assert.NotEqual(ExitCode.Success, failure.ExitCode);
            Assert.NotEqual("", failure.Hint);
            Assert.Equal("message", failure.Message);
        }
    }

    [Fact]
    public void Failure_OfADefect_ShowsNeitherMessageNorStack()
    {
        Failure failure = Failures.From(new InvalidOperationException("canary"));
        Assert.Equal(ExitCode.Negative, failure.ExitCode);
        Assert.DoesNotContain("canary", failure.Message + failure.Hint);
    }
}
