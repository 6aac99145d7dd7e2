using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Stack.TestKit;
using Xunit;

namespace Stack.Stun.Tests;

public sealed class StunUriTests
{
    public static IEnumerable<object[]> AppendixA =>
        from scheme in new[] { "stun", "turn" }
        from row in RfcVectors.Fields("misc/stun-turn-uris").GetProperty(scheme).EnumerateArray()
        select new object[] { row.GetProperty("uri").GetString()!, row.GetRawText() };

    [Theory]
    [MemberData(nameof(AppendixA))]
    public void StunUri_AppendixAExample_HasPrintedComponents(string text, string row)
    {
        using JsonDocument document = JsonDocument.Parse(row);
        JsonElement expected = document.RootElement;
        bool hasTransport = expected.TryGetProperty("transport", out JsonElement transport);

        Assert.True(StunUri.TryParse(text, out StunUri? uri, out StunUriStatus status));
        Assert.Equal(StunUriStatus.Success, status);
        Assert.Equal(text.StartsWith("turn", StringComparison.Ordinal), uri.IsTurn);
        Assert.Equal(expected.GetProperty("secure").GetBoolean(), uri.IsSecure);
        Assert.Equal(expected.GetProperty("host").GetString(), uri.Host);
        Assert.Equal(StunUriHostKind.Name, uri.HostKind);
        JsonElement port = expected.GetProperty("port");
        Assert.Equal(port.ValueKind == JsonValueKind.Null ? null : port.GetInt32(), uri.Port);
        Assert.Equal(hasTransport ? transport.GetString() : null, uri.Transport?.ToString().ToUpperInvariant());
        Assert.Equal(text, uri.ToString());
    }

    [Fact]
    public void StunUri_AppendixAExamples_AreAllLoaded() => Assert.Equal(9, AppendixA.Count());

    [Theory]
    [InlineData("stun:192.0.2.1", "192.0.2.1", StunUriHostKind.IPv4, null, "stun:192.0.2.1")]
    [InlineData("stun:192.0.2.1:3478", "192.0.2.1", StunUriHostKind.IPv4, 3478, "stun:192.0.2.1:3478")]
    [InlineData("stun:[::1]", "::1", StunUriHostKind.IPv6, null, "stun:[::1]")]
    [InlineData("turn:[2001:DB8::1]:65535", "2001:DB8::1", StunUriHostKind.IPv6, 65535, "turn:[2001:DB8::1]:65535")]
    [InlineData("turn:[::ffff:1.2.3.4]?transport=tcp", "::ffff:1.2.3.4", StunUriHostKind.IPv6, null,
        "turn:[::ffff:1.2.3.4]?transport=tcp")]
    [InlineData("turns:192.0.2.1", "192.0.2.1", StunUriHostKind.IPv4, null, "turns:192.0.2.1")]
    [InlineData("STUN:Example.ORG", "Example.ORG", StunUriHostKind.Name, null, "stun:Example.ORG")]
    [InlineData("TurnS:example.org?TRANSPORT=TCP", "example.org", StunUriHostKind.Name, null, "turns:example.org?transport=tcp")]
    [InlineData("turn:example.org:1?transport=UDP", "example.org", StunUriHostKind.Name, 1, "turn:example.org:1?transport=udp")]
    [InlineData("stun:example.org:", "example.org", StunUriHostKind.Name, null, "stun:example.org")]
    [InlineData("turn:example.org:?transport=udp", "example.org", StunUriHostKind.Name, null, "turn:example.org?transport=udp")]
    [InlineData("stun:example.org:0003478", "example.org", StunUriHostKind.Name, 3478, "stun:example.org:3478")]
    [InlineData("stun:example.org.", "example.org.", StunUriHostKind.Name, null, "stun:example.org.")]
    [InlineData("stun:localhost", "localhost", StunUriHostKind.Name, null, "stun:localhost")]
    [InlineData("stun:a", "a", StunUriHostKind.Name, null, "stun:a")]
    [InlineData("stun:my_host.example", "my_host.example", StunUriHostKind.Name, null, "stun:my_host.example")]
    [InlineData("stun:xn--bcher-kva.example", "xn--bcher-kva.example", StunUriHostKind.Name, null, "stun:xn--bcher-kva.example")]
    [InlineData("stun:1.2.3.4.example", "1.2.3.4.example", StunUriHostKind.Name, null, "stun:1.2.3.4.example")]
    [InlineData("stun:3com", "3com", StunUriHostKind.Name, null, "stun:3com")]
    [InlineData("stun:0xyz", "0xyz", StunUriHostKind.Name, null, "stun:0xyz")]
    public void StunUri_WellFormed_IsReadAndWrittenBack(string text, string host, StunUriHostKind kind, int? port, string written)
    {
        Assert.True(StunUri.TryParse(text, out StunUri? uri, out StunUriStatus status));
        Assert.Equal(StunUriStatus.Success, status);
        Assert.Equal(host, uri.Host);
        Assert.Equal(kind, uri.HostKind);
        Assert.Equal(port, uri.Port);
        Assert.Equal(written, uri.ToString());
        Assert.Equal(uri, StunUri.Parse(written));
        Assert.Equal(uri.GetHashCode(), StunUri.Parse(written).GetHashCode());
    }

    [Theory]
    [InlineData("", StunUriStatus.UnknownScheme)]
    [InlineData("stun", StunUriStatus.UnknownScheme)]
    [InlineData("example.org", StunUriStatus.UnknownScheme)]
    [InlineData(":example.org", StunUriStatus.UnknownScheme)]
    [InlineData(" stun:example.org", StunUriStatus.UnknownScheme)]
    [InlineData("stun :example.org", StunUriStatus.UnknownScheme)]
    [InlineData("stunx:example.org", StunUriStatus.UnknownScheme)]
    [InlineData("http://example.org", StunUriStatus.UnknownScheme)]
    [InlineData("\u017Ftun:example.org", StunUriStatus.UnknownScheme)]
    [InlineData("stun:", StunUriStatus.MissingHost)]
    [InlineData("stun::3478", StunUriStatus.MissingHost)]
    [InlineData("turn:?transport=udp", StunUriStatus.MissingHost)]
    [InlineData("stun://example.org", StunUriStatus.InvalidHost)]
    [InlineData("stun:example.org/", StunUriStatus.InvalidHost)]
    [InlineData("stun:example.org#a", StunUriStatus.InvalidHost)]
    [InlineData("stun:example.org ", StunUriStatus.InvalidHost)]
    [InlineData("stun: example.org", StunUriStatus.InvalidHost)]
    [InlineData("stun:exa mple.org", StunUriStatus.InvalidHost)]
    [InlineData("stun:example.org\0", StunUriStatus.InvalidHost)]
    [InlineData("stun:example.org\n", StunUriStatus.InvalidHost)]
    [InlineData("stun:example.org\r\nX: y", StunUriStatus.InvalidHost)]
    [InlineData("stun:example%00.org", StunUriStatus.InvalidHost)]
    [InlineData("stun:ex%61mple.org", StunUriStatus.InvalidHost)]
    [InlineData("stun:b\u00FCcher.example", StunUriStatus.InvalidHost)]
    [InlineData("stun:example\u3002org", StunUriStatus.InvalidHost)]
    [InlineData("stun:\uFF11.2.3.4", StunUriStatus.InvalidHost)]
    [InlineData("stun:\u001B[2Jhost", StunUriStatus.InvalidHost)]
    [InlineData("stun:a..b", StunUriStatus.InvalidHost)]
    [InlineData("stun:.", StunUriStatus.InvalidHost)]
    [InlineData("stun:.a", StunUriStatus.InvalidHost)]
    [InlineData("stun:a..", StunUriStatus.InvalidHost)]
    [InlineData("stun:-h", StunUriStatus.InvalidHost)]
    [InlineData("stun:-example.org", StunUriStatus.InvalidHost)]
    [InlineData("stun:a.-b", StunUriStatus.InvalidHost)]
    [InlineData("stun:a-.b", StunUriStatus.InvalidHost)]
    [InlineData("stun:a~b", StunUriStatus.InvalidHost)]
    [InlineData("stun:a;b", StunUriStatus.InvalidHost)]
    [InlineData("stun:$(id)", StunUriStatus.InvalidHost)]
    [InlineData("stun:127.1", StunUriStatus.InvalidHost)]
    [InlineData("stun:0x7f.1", StunUriStatus.InvalidHost)]
    [InlineData("stun:0x7f000001", StunUriStatus.InvalidHost)]
    [InlineData("stun:2130706433", StunUriStatus.InvalidHost)]
    [InlineData("stun:010.0.0.1", StunUriStatus.InvalidHost)]
    [InlineData("stun:256.1.1.1", StunUriStatus.InvalidHost)]
    [InlineData("stun:1.2.3.4.", StunUriStatus.InvalidHost)]
    [InlineData("stun:1.2.3.4.5", StunUriStatus.InvalidHost)]
    [InlineData("stun:example.0x", StunUriStatus.InvalidHost)]
    [InlineData("stun:[]", StunUriStatus.InvalidHost)]
    [InlineData("stun:[::1", StunUriStatus.InvalidHost)]
    [InlineData("stun:::1]", StunUriStatus.MissingHost)]
    [InlineData("stun:[::1]]", StunUriStatus.InvalidHost)]
    [InlineData("stun:[[::1]]", StunUriStatus.InvalidHost)]
    [InlineData("stun:[::1]3478", StunUriStatus.InvalidHost)]
    [InlineData("stun:[::1%25eth0]", StunUriStatus.InvalidHost)]
    [InlineData("stun:[fe80::1%eth0]", StunUriStatus.InvalidHost)]
    [InlineData("stun:[127.0.0.1]", StunUriStatus.InvalidHost)]
    [InlineData("stun:[example.org]", StunUriStatus.InvalidHost)]
    [InlineData("stun:[v1.fe80]", StunUriStatus.InvalidHost)]
    [InlineData("stun:user@example.org", StunUriStatus.UserInformation)]
    [InlineData("turn:user:secret@example.org:3478", StunUriStatus.UserInformation)]
    [InlineData("turn:example.org?transport=udp@evil", StunUriStatus.UserInformation)]
    [InlineData("stun:example.org:0", StunUriStatus.InvalidPort)]
    [InlineData("stun:example.org:00", StunUriStatus.InvalidPort)]
    [InlineData("stun:example.org:65536", StunUriStatus.InvalidPort)]
    [InlineData("stun:example.org:99999999999999999999", StunUriStatus.InvalidPort)]
    [InlineData("stun:example.org:4294970774", StunUriStatus.InvalidPort)]
    [InlineData("stun:example.org:3478x", StunUriStatus.InvalidPort)]
    [InlineData("stun:example.org:x", StunUriStatus.InvalidPort)]
    [InlineData("stun:example.org:-1", StunUriStatus.InvalidPort)]
    [InlineData("stun:example.org:+1", StunUriStatus.InvalidPort)]
    [InlineData("stun:example.org:0x10", StunUriStatus.InvalidPort)]
    [InlineData("stun:example.org: 1", StunUriStatus.InvalidPort)]
    [InlineData("stun:example.org:1 ", StunUriStatus.InvalidPort)]
    [InlineData("stun:example.org:\u0661", StunUriStatus.InvalidPort)]
    [InlineData("stun:example.org:1:2", StunUriStatus.InvalidPort)]
    [InlineData("stun:example.org:3478/", StunUriStatus.InvalidPort)]
    [InlineData("stun:2001:db8::1", StunUriStatus.InvalidHost)]
    [InlineData("stun:fe80::1", StunUriStatus.InvalidPort)]
    [InlineData("stun:example.org?", StunUriStatus.InvalidQuery)]
    [InlineData("stun:example.org?transport=udp", StunUriStatus.InvalidQuery)]
    [InlineData("stuns:example.org?transport=tcp", StunUriStatus.InvalidQuery)]
    [InlineData("turn:example.org?", StunUriStatus.InvalidQuery)]
    [InlineData("turn:example.org?transport", StunUriStatus.InvalidQuery)]
    [InlineData("turn:example.org?transport=", StunUriStatus.InvalidQuery)]
    [InlineData("turn:example.org?proto=udp", StunUriStatus.InvalidQuery)]
    [InlineData("turn:example.org?x=y&transport=udp", StunUriStatus.InvalidQuery)]
    [InlineData("turn:example.org?transport=udp&x=y", StunUriStatus.InvalidQuery)]
    [InlineData("turn:example.org?transport=udp?transport=tcp", StunUriStatus.InvalidQuery)]
    [InlineData("turn:example.org?transport=ud%70", StunUriStatus.InvalidQuery)]
    [InlineData("turn:example.org?transport=udp ", StunUriStatus.InvalidQuery)]
    [InlineData("turn:example.org?transport=udp#a", StunUriStatus.InvalidQuery)]
    [InlineData("turn:example.org?transport=sctp", StunUriStatus.UnsupportedTransport)]
    [InlineData("turn:example.org?transport=tls", StunUriStatus.UnsupportedTransport)]
    [InlineData("turn:example.org?transport=udp.x~_-", StunUriStatus.UnsupportedTransport)]
    [InlineData("turns:example.org?transport=udp", StunUriStatus.UnsupportedTransport)]
    [InlineData("stuns:192.0.2.1", StunUriStatus.SecureIpAddress)]
    [InlineData("stuns:[2001:db8::1]:5349", StunUriStatus.SecureIpAddress)]
    public void StunUri_Hostile_IsRefusedWithReason(string text, StunUriStatus expected)
    {
        Assert.False(StunUri.TryParse(text, out StunUri? uri, out StunUriStatus status));
        Assert.Equal(expected, status);
        Assert.Null(uri);
        Assert.Throws<FormatException>(() => StunUri.Parse(text));
    }

    [Theory]
    [InlineData(63, 253, true)]
    [InlineData(64, 253, false)]
    [InlineData(63, 254, false)]
    [InlineData(63, 300, false)]
    public void StunUri_LongHost_IsHeldToTheLimitsOfTheDns(int label, int length, bool allowed)
    {
        string host = string.Concat(Enumerable.Repeat(new string('a', label) + ".", 6))[..length].TrimEnd('.');
        Assert.Equal(allowed, StunUri.TryParse("stun:" + host, out _, out StunUriStatus status));
        Assert.Equal(allowed ? StunUriStatus.Success : StunUriStatus.InvalidHost, status);
        Assert.Equal(allowed, StunUri.TryParse("stun:" + host + ".", out _, out _));
    }

    [Fact]
    public void StunUri_MebibyteOfAnything_IsRefused()
    {
        foreach (string part in new[] { "a", "a.", ":", "[", "%", "?", "9", "\uD800" })
        {
            string text = "turn:" + string.Concat(Enumerable.Repeat(part, 1 << 20));
            Assert.False(StunUri.TryParse(text, out _, out _));
        }
    }

    [Theory]
    [InlineData("stuns:192.0.2.1", StunUriHostKind.IPv4)]
    [InlineData("stuns:[2001:db8::1]:5349", StunUriHostKind.IPv6)]
    [InlineData("stuns:example.org", StunUriHostKind.Name)]
    public void StunUri_ForPinnedServer_AllowsSecureIpAddress(string text, StunUriHostKind kind)
    {
        Assert.True(StunUri.TryParseForPinnedServer(text, out StunUri? uri, out StunUriStatus status));
        Assert.Equal(StunUriStatus.Success, status);
        Assert.Equal(kind, uri.HostKind);
        Assert.True(uri.IsSecure);
        Assert.Equal(text, uri.ToString());
    }

    [Fact]
    public void StunUri_ForPinnedServer_IsOtherwiseAsStrict()
    {
        Assert.False(StunUri.TryParseForPinnedServer("stuns:127.1", out _, out StunUriStatus status));
        Assert.Equal(StunUriStatus.InvalidHost, status);
    }

    [Theory]
    [InlineData("stun:a", 3478)]
    [InlineData("turn:a?transport=tcp", 3478)]
    [InlineData("stuns:a:1", 5349)]
    [InlineData("turns:a", 5349)]
    public void StunUri_DefaultPort_FollowsScheme(string text, int port) => Assert.Equal(port, StunUri.Parse(text).DefaultPort);

    [Fact]
    public void StunUri_Equality_IgnoresCaseOfHostAndNothingElse()
    {
        StunUri uri = StunUri.Parse("turn:example.org:1?transport=tcp");
        Assert.Equal(uri, StunUri.Parse("TURN:EXAMPLE.org:01?transport=TCP"));
        Assert.NotEqual(uri, StunUri.Parse("turns:example.org:1?transport=tcp"));
        Assert.NotEqual(uri, StunUri.Parse("turn:example.com:1?transport=tcp"));
        Assert.NotEqual(uri, StunUri.Parse("turn:example.org:2?transport=tcp"));
        Assert.NotEqual(uri, StunUri.Parse("turn:example.org:1?transport=udp"));
        Assert.NotEqual(uri, StunUri.Parse("turn:example.org:1"));
        Assert.False(uri.Equals(null));
    }

    [Fact]
    public void StunUri_ParseFailure_DoesNotRepeatTheText()
    {
        FormatException exception = Assert.Throws<FormatException>(() => StunUri.Parse("turn:user:hunter2@example.org"));
        Assert.DoesNotContain("hunter2", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("user:", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void StunUri_AnyFragments_NeverThrowsAndRoundTrips()
    {
        Gen<string> text = Gen.Elements(
                "stun:", "turns:", "turn:", "TURN:", "a", "example.org", ".", "-", "192.0.2.1", "[::1]", "[", "]", ":", "3478", "0", "65536",
                "?", "?transport=", "tcp", "udp", "sctp", "%00", "@", "/", " ", "\0", "\uD800")
            .ArrayOf()
            .Select(static parts => "turn:" + string.Concat(parts));
        Check.QuickThrowOnFailure(Prop.ForAll(text.ToArbitrary(), candidate =>
            !StunUri.TryParse(candidate, out StunUri? uri, out StunUriStatus status)
                ? status != StunUriStatus.Success && uri is null
                : StunUri.TryParse(uri.ToString(), out StunUri? again, out _) && uri.Equals(again)));
    }

    [Fact]
    public void StunUri_AnyComponents_AreReadBack()
    {
        Gen<string> hosts = Gen.Elements("example.org", "192.0.2.1", "[2001:db8::1]", "a-b.c_d");
        Gen<string> uris =
            from scheme in Gen.Elements("turn", "turns")
            from host in hosts
            from port in Gen.Choose(1, 65535)
            from query in Gen.Elements("", "?transport=tcp")
            select scheme + ":" + host + ":" + port.ToString(System.Globalization.CultureInfo.InvariantCulture) + query;
        Check.QuickThrowOnFailure(Prop.ForAll(uris.ToArbitrary(), text =>
            StunUri.TryParse(text, out StunUri? uri, out _) && string.Equals(text, uri.ToString(), StringComparison.Ordinal)));
    }
}
