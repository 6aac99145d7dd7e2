using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text;
using Stack.Stun;
using Stack.TestKit;
using Stack.Transport;
using Stack.Turn;
using Xunit;

namespace Stack.Cli.Tests;

public sealed class ServeConfigurationTests
{
    private const string Everything = """
        {
          "listen": ["udp://192.0.2.1:3478", "tcp://[2001:db8::1]:3478", "tls://192.0.2.1"],
          "relay-address": ["10.0.0.5", "10.0.0.6", "2001:db8::1"],
          "external-address": ["192.0.2.1", "192.0.2.2"],
          "realm": "example.org",
          "user": ["alice:correct horse", "bob:p:q"],
          "users-file": "users",
          "auth-secret-file": ["secret-new", "secret-old"],
          "auth-secret-hash": "sha256",
          "allow-peer": ["10.1.0.0/16", "192.168.7.7"],
          "deny-peer": "2001:db8::/32",
          "allow-peer-ports": [53, "5060-5061"],
          "relays-only": true,
          "alternate": "192.0.2.2:3479",
          "classic": true,
          "cert": "sub/../chain.pem",
          "key": "key.pem",
          "software": "my server",
          "alternate-servers": ["192.0.2.9:3478", {"address": "[2001:db8::9]:5349", "domain": "turn2.example.org"}],
          "redirect-all": true,
          "strict-amplification": true,
          "sha256-over-udp": true,
          "sha256-over-streams": false,
          "username-anonymity": true,
          "relay-udp": false,
          "relay-tcp": false,
          "rfc5766-channels": false,
          "portable-sockets": true,
          "nonce-key-file": "nonce",
          "drain-seconds": 1.5,
          "shards": 4,
          "connections": {"max-connections": 9, "stall-timeout": 0.5},
          "log": {"format": "json", "level": "debug", "file": "serve.log"},
          "limits": {
            "allocations-per-user": 3,
            "max-lifetime": 1800,
            "connect-timeout": 45.5,
            "bytes-per-second": 1000000000000,
            "replies-per-second": 5,
            "reply-burst": 6,
            "replies-per-second-in-all": 7
          }
        }
        """;

    private static ConfigurationFolder Folder()
    {
        var folder = new ConfigurationFolder();
        folder.Write("users", "# those of the office\ncarol:secret\r\n\ndave:key=" + new string('a', 32) + "\n");
        folder.Write("secret-new", "0123456789abcdef0123456789abcdef\n");
        folder.Write("secret-old", "fedcba9876543210fedcba9876543210");
        folder.Write("nonce", string.Concat(Enumerable.Repeat("0F", 32)) + "\n");
        folder.Write("chain.pem", "chain");
        folder.Write("key.pem", "key");
        return folder;
    }

    [Fact]
    public void TryRead_EveryKey_IsRead()
    {
        using ConfigurationFolder folder = Folder();
        ServeConfiguration read = folder.Read(Everything);
        Assert.Equal(["udp://192.0.2.1:3478", "tcp://[2001:db8::1]:3478", "tls://192.0.2.1:5349"], read.Listen.Select(listen => listen.ToString()));
        Assert.Equal(["10.0.0.5:0", "10.0.0.6:0", "[2001:db8::1]:0"], read.RelayAddresses.Select(address => address.ToString()));
        Assert.Equal("example.org", read.Realm);
        Assert.Equal(["alice", "bob", "carol", "dave"], read.Users.Select(user => user.Name));
        Assert.True(read.Users[1].HasSameCredential(StaticUser.FromPassword("bob", "p:q")));
        Assert.True(read.Users[2].HasSameCredential(StaticUser.FromPassword("carol", "secret")));
        Assert.True(read.Users[3].HasSameCredential(StaticUser.FromKey("dave", Enumerable.Repeat((byte)0xAA, 16).ToArray())));
        Assert.Equal(["0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"], read.AuthSecrets.Select(Encoding.UTF8.GetString));
        Assert.Equal(ExpiringPasswordHash.Sha256, read.AuthSecretHash);
        Assert.Equal(["10.1.0.0/16", "192.168.7.7/32"], read.AllowPeers.Select(network => network.ToString()));
        Assert.Equal(["2001:db8::/32"], read.DenyPeers.Select(network => network.ToString()));
        Assert.Equal([new PortRange(53, 53), new PortRange(5060, 5061)], read.AllowPeerPorts);
        Assert.Equal("192.0.2.2:3479", read.Alternate?.ToString());
        Assert.Equal(Path.Combine(folder.Path, "chain.pem"), read.Certificate);
        Assert.Equal(Path.Combine(folder.Path, "key.pem"), read.CertificateKey);
        Assert.Equal("my server", read.Software);
        Assert.Equal([null, "turn2.example.org"], read.AlternateServers.Select(server => server.Domain));
        Assert.Equal("[2001:db8::9]:5349", read.AlternateServers[1].Address.ToString());
        Assert.Equal(Enumerable.Repeat((byte)0x0F, 32), read.NonceKey);
        Assert.Equal(TimeSpan.FromSeconds(1.5), read.Drain);
        Assert.Equal(4, read.Shards);
        LogSettings log = new() { Format = LogFormat.Json, Level = ServerLogLevel.Debug, File = Path.Combine(folder.Path, "serve.log") };
        Assert.Equal(log, read.Log);
        Assert.Equal(
            new TurnServerLimits
            {
                AllocationsPerUser = 3,
                MaxLifetime = TimeSpan.FromMinutes(30),
                ConnectTimeout = TimeSpan.FromSeconds(45.5),
                BytesPerSecond = 1_000_000_000_000,
            },
            read.Limits);
        Assert.Equal(new ReplyRateLimit(5, 6, 7), read.Replies);
        Assert.Equal(new TurnConnectionLimits { MaxConnections = 9, StallTimeout = TimeSpan.FromSeconds(0.5) }, read.Connections);
        foreach (FlagKey flag in FlagKey.All)
        {
            Assert.NotEqual(flag.Get(new ServeConfiguration()), flag.Get(read));
        }
    }

    [Fact]
    public void TryRead_EmptyObject_IsTheDefaults()
    {
        using ConfigurationFolder folder = new();
        ServeConfiguration read = folder.Read("{}");
        Assert.Equal(new TurnServerLimits(), read.Limits);
        Assert.Equal(ReplyRateLimit.Default, read.Replies);
        Assert.Empty(read.Listen);
        Assert.False(read.HasCredentials);
        Assert.Null(read.FindConflict(out _));
        Assert.Null(folder.Read("""{"limits": {"replies-per-second": 0}}""").Replies);
    }

    // A limit that the server has and the file has not, or that goes into another one, shows here.
    [Fact]
    public void LimitKeys_PropertiesOfTheLimits_AreTheSame()
    {
        AssertKeysArePropertiesOf(LimitKeys.Relaying);
        AssertKeysArePropertiesOf(LimitKeys.Connections);
    }

    [Fact]
    public void PairRelays_ExternalAddresses_FollowTheOrderOfTheirFamily()
    {
        using ConfigurationFolder folder = Folder();
        IReadOnlyList<RelayAddress> pairs = folder.Read(Everything).PairRelays(out string? problem);
        Assert.Null(problem);
        Assert.Equal(
            ["10.0.0.5:0 192.0.2.1:0", "10.0.0.6:0 192.0.2.2:0", "[2001:db8::1]:0 [2001:db8::1]:0"],
            pairs.Select(pair => $"{pair.Local} {pair.Advertised}"));
        Assert.Empty(folder.Read("""{"relay-address": ["10.0.0.5", "10.0.0.6"], "external-address": "192.0.2.1"}""").PairRelays(out problem));
        Assert.NotNull(problem);
    }

    [Theory]
    [InlineData("""{"listen": "tls://127.0.0.1:5349"}""", "cert")]
    [InlineData("""{"key": "key.pem"}""", "key")]
    [InlineData("""{"user": "a:b"}""", "realm")]
    [InlineData("""{"auth-secret-file": "secret-new"}""", "realm")]
    [InlineData("""{"redirect-all": true}""", "redirect-all")]
    [InlineData("""{"relay-udp": false, "relay-tcp": false}""", "relay-udp")]
    [InlineData("""{"external-address": "192.0.2.1"}""", "external-address")]
    [InlineData("""{"relay-address": "::1", "external-address": "192.0.2.1"}""", "external-address")]
    public void FindConflict_WhatDoesNotGoTogether_NamesTheKey(string json, string expected)
    {
        using ConfigurationFolder folder = Folder();
        Assert.NotNull(folder.Read(json).FindConflict(out string key));
        Assert.Equal(expected, key);
    }

    [Fact]
    public void ToString_Configuration_ShowsNothing()
    {
        using ConfigurationFolder folder = Folder();
        Assert.Equal("ServeConfiguration", folder.Read(Everything).ToString());
    }

    // Whatever is cut, doubled or changed: an error with a line, or a configuration, and no exception.
    [Fact]
    public void TryParse_MutatedText_NeverThrows()
    {
        using ConfigurationFolder folder = Folder();
        string path = folder.Write("serve.json", Everything);
        byte[] whole = Encoding.UTF8.GetBytes(Everything);
        SeededRandom random = new(5);
        int refused = 0;
        for (int i = 0; i < 800; i++)
        {
            byte[] bytes = random.Chance(0.3) ? whole[..random.Next(whole.Length)] : [.. whole];
            for (int change = random.Next(4); change > 0 && bytes.Length > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = random.Chance(0.5) ? (byte)random.Next(256) : (byte)"{}[],:\"\\0"[random.Next(9)];
            }

            if (!ServeConfigurationReader.TryParse(bytes, path, false, new ServeConfiguration(), out _, out ConfigurationError? error))
            {
                refused++;
                Assert.InRange(error.Line, 0, 60);
                Assert.DoesNotContain('\n', error.ToString());
            }
        }

        Assert.InRange(refused, 250, 799);
    }

    private static void AssertKeysArePropertiesOf<TLimits>(IReadOnlyList<LimitKey<TLimits>> keys)
        where TLimits : new()
    {
        PropertyInfo[] properties = typeof(TLimits).GetProperties(BindingFlags.Public | BindingFlags.Instance);
        TLimits defaults = new();
        Assert.Equal(
            properties.Select(property => Kebab.From(property.Name)).Order(StringComparer.Ordinal),
            keys.Select(key => key.Name).Order(StringComparer.Ordinal));
        foreach (LimitKey<TLimits> key in keys)
        {
            decimal value = key.Get(defaults) == key.Most ? key.Least : key.Most;
            TLimits changed = key.Set(defaults, value);
            Assert.Equal(value, key.Get(changed));
            Assert.Equal(
                [key.Name],
                properties.Where(one => !Equals(one.GetValue(changed), one.GetValue(defaults))).Select(one => Kebab.From(one.Name)));
            Assert.InRange(key.Get(defaults), key.Least, key.Most);
        }
    }
}
