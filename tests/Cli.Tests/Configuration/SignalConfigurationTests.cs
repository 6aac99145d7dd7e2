using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace Stack.Cli.Tests;

public sealed class SignalConfigurationTests
{
    [Fact]
    public void Read_AllKeys_AreThere()
    {
        using ConfigurationFolder folder = new();
        folder.Write("token", "0123456789abcdef\n");
        folder.Write("secret", "0123456789abcdef0123456789abcdef\n");
        SignalConfiguration signal = folder.Read("""
            {"signal": ["http://127.0.0.1:8080", "http://[::1]:0"], "signal-origin": ["https://example.org", "*"], "auth-secret-file": "secret",
             "signal-relay": ["stun:stun.example.org", "turn:192.0.2.1:3478?transport=tcp"], "signal-token-file": "token", "signal-redis": "redis://:p@store:7000",
             "signal-limits": {"connections-per-address": 100, "peers": 4, "resume-grace": 2.5}}
            """).Signal;
        Assert.Equal(["http://127.0.0.1:8080", "http://[::1]:0"], signal.Listen.Select(static one => one.ToString()));
        Assert.Equal(["https://example.org", "*"], signal.Origins);
        Assert.Equal(["stun:stun.example.org", "turn:192.0.2.1:3478?transport=tcp"], signal.Relays.Select(static one => one.ToString()));
        Assert.Equal("0123456789abcdef", signal.Token);
        Assert.Equal(("redis://store:7000", "p"), (signal.Redis!.ToString(), signal.Redis.Password));
        Assert.Equal((100, 4, 2.5), (signal.Limits.MaxConnectionsPerAddress, signal.Limits.MaxPeers, signal.Limits.ResumeGrace.TotalSeconds));
    }

    [Theory]
    [InlineData("""{"signal": "ws://127.0.0.1:8080"}""", "signal")]
    [InlineData("""{"signal": "http://localhost:8080"}""", "signal")]
    [InlineData("""{"signal": "http://127.0.0.1:8080/session"}""", "signal")]
    [InlineData("""{"signal": ["http://127.0.0.1:1", "http://127.0.0.1:1"]}""", "signal")]
    [InlineData("""{"signal-origin": "example.org"}""", "signal-origin")]
    [InlineData("""{"signal-origin": "https://example.org/page"}""", "signal-origin")]
    [InlineData("""{"signal-relay": "http://example.org"}""", "signal-relay")]
    [InlineData("""{"signal-relay": "turn:user@example.org"}""", "signal-relay")]
    [InlineData("""{"signal-redis": "127.0.0.1"}""", "signal-redis")]
    [InlineData("""{"signal-token-file": "short"}""", "signal-token-file")]
    [InlineData("""{"signal-token-file": "absent"}""", "signal-token-file")]
    [InlineData("""{"signal-limits": {"peers": 1}}""", "signal-limits.peers")]
    [InlineData("""{"signal-limits": {"nonsense": 1}}""", "signal-limits.nonsense")]
    public void Read_WhatIsWrong_NamesItsKey(string json, string key)
    {
        using ConfigurationFolder folder = new();
        folder.Write("short", "0123456789abcde");
        Assert.Equal(key, folder.Refuse(json).Key);
    }

    [Fact]
    public void Read_PasswordOfTheStoreInAnOpenFile_IsRefused()
    {
        using ConfigurationFolder folder = new();
        ConfigurationError error = folder.Refuse("""{"signal-redis": "redis://:canary@h"}"""u8.ToArray(), isOpenToOthers: true);
        Assert.DoesNotContain("canary", error.ToString(), System.StringComparison.Ordinal);
        Assert.Contains("chmod 600", error.Message, System.StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--signal-relay: peers need credentials", "--signal", "http://127.0.0.1:0", "--signal-relay", "turn:192.0.2.1")]
    [InlineData("--signal-origin: there is no signal", "--signal-origin", "https://example.org")]
    [InlineData("--signal-redis: there is no signal", "--signal-redis", "redis://h")]
    [InlineData("--cert: listening on tls:// or https://", "--signal", "https://127.0.0.1:0")]
    [InlineData("--signal-limit peers: a whole number", "--signal", "http://127.0.0.1:0", "--signal-limit", "peers=1000")]
    public async Task Serve_WhatDoesNotGoTogether_IsAUsageError(string expected, params string[] arguments)
    {
        CliRun run = await CliRun.RunAsync(["serve", .. arguments]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(expected, run.Error, System.StringComparison.Ordinal);
    }

    [Fact]
    public void Describe_Changes_AreSaidOrNeedARestart()
    {
        using ConfigurationFolder folder = new();
        folder.Write("token", "canary-canary-one");
        ServeConfiguration old = folder.Read("""{"signal": "http://127.0.0.1:1", "signal-token-file": "token"}""");
        folder.Write("token", "canary-canary-two");
        ServeConfiguration read = folder.Read("""{"signal": "http://127.0.0.1:1", "signal-token-file": "token", "signal-origin": "https://a.example"}""");
        ConfigurationChanges changes = ConfigurationChanges.Describe(old, read);
        Assert.Equal(["signal-origin added: https://a.example", "signal-token-file: another token"], changes.Lines);
        Assert.Empty(changes.Restart);
        ServeConfiguration other = folder.Read("""{"signal": "http://127.0.0.1:2", "signal-redis": "redis://h", "signal-limits": {"peers": 4}}""");
        Assert.Equal(["signal", "signal-redis", "signal-limits"], ConfigurationChanges.Describe(old, other).Restart);
    }
}
