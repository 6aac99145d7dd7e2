using System;
using System.Linq;
using Xunit;

namespace Stack.Cli.Tests;

public sealed class ConfigurationChangesTests
{
    [Fact]
    public void Describe_TheSameTwice_IsNothing()
    {
        using ConfigurationFolder folder = Folder();
        const string Json = """
            {"realm": "a", "user": ["u:p", "v:key=00112233445566778899aabbccddeeff"], "auth-secret-file": "one", "allow-peer": "10.0.0.0/8",
             "listen": "udp://127.0.0.1:3478", "alternate": "127.0.0.1:3479", "relay-address": "127.0.0.1", "cert": "cert", "limits": {"allocations": 7},
             "alternate-servers": "127.0.0.1:1", "allow-peer-ports": [53], "log": {"file": "x"}, "shards": 2, "nonce-key-file": "nonce"}
            """;
        ConfigurationChanges changes = ConfigurationChanges.Describe(folder.Read(Json), folder.Read(Json));
        Assert.Empty(changes.Lines);
        Assert.Empty(changes.Restart);
        Assert.Null(changes.Refusal);
    }

    [Fact]
    public void Describe_WhatAReloadMayChange_IsSaidWithoutSecrets()
    {
        using ConfigurationFolder folder = Folder();
        ServeConfiguration old = folder.Read("""
            {"realm": "a", "user": ["alice:canary1", "bob:canary2", "carol:canary3"], "auth-secret-file": "one", "allow-peer": ["10.0.0.0/8", "127.0.0.0/8"],
             "cert": "cert", "limits": {"allocations": 7, "max-lifetime": 700.5}, "alternate-servers": "192.0.2.1:1"}
            """);
        folder.Write("cert", "canary-another");
        ServeConfiguration read = folder.Read("""
            {"realm": "a", "user": ["alice:canary9", "carol:canary3", "dave:canary4"], "auth-secret-file": ["two", "one"], "auth-secret-hash": "sha256",
             "allow-peer": ["10.0.0.0/8"], "deny-peer": "10.1.0.0/16", "cert": "cert", "limits": {"replies-per-second": 0}, "classic": true, "connections": {"max-connections": 5},
             "alternate-servers": {"address": "192.0.2.1:1", "domain": "t.example"}, "allow-peer-ports": "5060-5061", "software": "s", "drain-seconds": 2.5,
             "log": {"format": "json", "level": "debug"}}
            """);
        ConfigurationChanges changes = ConfigurationChanges.Describe(old, read);
        Assert.Equal(
            [
                "users added: dave",
                "users removed: bob",
                "users changed: alice",
                "auth-secret-file: other secrets, 1 -> 2",
                "auth-secret-hash: Sha1 -> Sha256",
                "allow-peer removed: 127.0.0.0/8",
                "deny-peer added: 10.1.0.0/16",
                "allow-peer-ports added: 5060-5061",
                "alternate-servers added: 192.0.2.1:1 (t.example)",
                "alternate-servers removed: 192.0.2.1:1",
                "classic: false -> true",
                "limits.allocations: 7 -> 10000",
                "limits.max-lifetime: 700.5 -> 3600",
                "connections.max-connections: 4000 -> 5",
                "limits.replies-per-second: 10 -> 0",
                "limits.reply-burst: 20 -> 0",
                "limits.replies-per-second-in-all: 20000 -> 0",
                "software: none -> s",
                "drain-seconds: 5 -> 2.5",
                "log.format: Text -> Json",
                "log.level: Information -> Debug",
                "cert: another certificate in the same file",
            ],
            changes.Lines);
        Assert.Null(changes.Refusal);
        Assert.DoesNotContain(changes.Lines, line => line.Contains("canary", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"listen": "udp://127.0.0.1:3478"}""", "listen")]
    [InlineData("""{"relay-address": "127.0.0.1"}""", "relay-address")]
    [InlineData("""{"external-address": "127.0.0.1"}""", "external-address")]
    [InlineData("""{"realm": "b"}""", "realm")]
    [InlineData("""{"alternate": "127.0.0.1:3479"}""", "alternate")]
    [InlineData("""{"shards": 2}""", "shards")]
    [InlineData("""{"nonce-key-file": "nonce"}""", "nonce-key-file")]
    [InlineData("""{"log": {"file": "x"}}""", "log.file")]
    [InlineData("""{"user": "a:b"}""", "user")]
    public void Describe_WhatNeedsARestart_RefusesTheWhole(string json, string key)
    {
        using ConfigurationFolder folder = Folder();
        ConfigurationChanges changes = ConfigurationChanges.Describe(folder.Read("{}"), folder.Read(json));
        Assert.Equal([key], changes.Restart);
        Assert.Equal($"nothing was changed: {key} needs a restart", changes.Refusal);
    }

    [Fact]
    public void Describe_ManyOrHostileNames_AreBoundedAndEscaped()
    {
        using ConfigurationFolder folder = Folder();
        ServeConfiguration old = folder.Read("""{"user": "a:b"}""");
        string users = string.Join(", ", Enumerable.Range(0, 100).Select(i => $"\"user{i}:p\""));
        ConfigurationChanges changes = ConfigurationChanges.Describe(old, folder.Read($"{{\"user\": [\"a:b\", {users}]}}"));
        Assert.EndsWith("user19 and 80 more", Assert.Single(changes.Lines), StringComparison.Ordinal);
        ConfigurationChanges order = ConfigurationChanges.Describe(
            folder.Read("""{"alternate-servers": ["192.0.2.1:1", "192.0.2.2:1"]}"""),
            folder.Read("""{"alternate-servers": ["192.0.2.2:1", "192.0.2.1:1"]}"""));
        Assert.Equal("alternate-servers: another order", Assert.Single(order.Lines));
        ConfigurationChanges hostile = ConfigurationChanges.Describe(folder.Read("{}"), folder.Read("""{"cert": "c\u202Ee"}"""));
        Assert.Contains(hostile.Lines, line => line.Contains("c\\u{202e}e", StringComparison.Ordinal));
    }

    private static ConfigurationFolder Folder()
    {
        var folder = new ConfigurationFolder();
        folder.Write("one", "0123456789abcdefcanary");
        folder.Write("two", "fedcba9876543210canary");
        folder.Write("nonce", new string('0', 64));
        folder.Write("cert", "canary-certificate");
        folder.Write("c\u202Ee", "x");
        return folder;
    }
}
