using System;
using System.Linq;
using System.Text.Json;
using Stack.Stun;
using Stack.TestKit;
using Stack.Transport;
using Xunit;

namespace Stack.Cli.Tests;

public sealed class LogLineTests
{
    private static readonly DateTimeOffset Time = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.FromHours(2));

    private static readonly ServerLogRecord Record = new(ServerLogLevel.Warning, "peer-refused", "A peer was refused.")
    {
        Source = TransportAddress.FromIPv4(0xC0000201, 4000),
        Fields =
        [
            new ServerLogField("user", "al ice"), new ServerLogField("plain", "x-1"), new ServerLogField("empty", ""), new ServerLogField("bytes", 1234567890123),
            new ServerLogField("tls", true), new ServerLogField("peer", TransportAddress.FromIPv6(1, 53)), new ServerLogField("agedMs", TimeSpan.FromSeconds(1.5)),
        ],
    };

    [Fact]
    public void Format_Text_IsOneReadableLine() => Assert.Equal(
        "2026-01-02T01:04:05.678Z warning peer-refused 192.0.2.1:4000: A peer was refused."
            + " user=\"al ice\" plain=x-1 empty=\"\" bytes=1234567890123 tls=true peer=[::1]:53 agedMs=1500",
        LogLine.Format(Record, Time, LogFormat.Text));

    [Fact]
    public void Format_Json_IsOneObject() => Assert.Equal(
        "{\"time\":\"2026-01-02T01:04:05.678Z\",\"level\":\"warning\",\"class\":\"peer-refused\",\"source\":\"192.0.2.1:4000\","
            + "\"message\":\"A peer was refused.\",\"fields\":{\"user\":\"al ice\",\"plain\":\"x-1\",\"empty\":\"\",\"bytes\":1234567890123,"
            + "\"tls\":true,\"peer\":\"[::1]:53\",\"agedMs\":1500}}",
        LogLine.Format(Record, Time, LogFormat.Json));

    [Fact]
    public void Format_NoSourceAndNoFields_LeavesThemAway()
    {
        ServerLogRecord bare = new(ServerLogLevel.Information, "started", "Ready.");
        Assert.Equal("2026-01-02T01:04:05.678Z info started: Ready.", LogLine.Format(bare, Time, LogFormat.Text));
        Assert.Equal(
            "{\"time\":\"2026-01-02T01:04:05.678Z\",\"level\":\"info\",\"class\":\"started\",\"message\":\"Ready.\"}",
            LogLine.Format(bare, Time, LogFormat.Json));
    }

    // security.md V47 and A14: a user name cannot end the line, nor look like a field of ours.
    [Theory]
    [InlineData("\r\nINFO fake", "user=\"\\u{d}\\u{a}INFO fake\"")]
    [InlineData("a\" admin=\"yes", "user=\"a\\\" admin=\\\"yes\"")]
    [InlineData("a\\\" admin=\"yes", "user=\"a\\\\\\\" admin=\\\"yes\"")]
    [InlineData("a admin=yes", "user=\"a admin=yes\"")]
    [InlineData("\u001b[2J", "user=\"\\u{1b}[2J\"")]
    [InlineData("\u2028\u202Ex", "user=\"\\u{2028}\\u{202e}x\"")]
    [InlineData("\\u{a}", "user=\"\\\\u{a}\"")]
    [InlineData("%s%n", "user=%s%n")]
    public void Format_HostileValue_StaysInItsField(string value, string expected)
    {
        ServerLogRecord record = new(ServerLogLevel.Information, "c", "m") { Fields = [new ServerLogField("user", value), new ServerLogField("last", 1)] };
        Assert.EndsWith($"c: m {expected} last=1", LogLine.Format(record, Time, LogFormat.Text), StringComparison.Ordinal);
        using JsonDocument json = JsonDocument.Parse(LogLine.Format(record, Time, LogFormat.Json));
        Assert.Equal(value, json.RootElement.GetProperty("fields").GetProperty("user").GetString());
    }

    [Fact]
    public void Format_AnyText_IsOneSafeLineInBothFormats()
    {
        SeededRandom random = new(3);
        for (int i = 0; i < 800; i++)
        {
            string text = new([.. Enumerable.Range(0, random.Next(400)).Select(_ => random.Chance(0.5) ? (char)random.Next(0x300) : (char)random.Next(0x10000))]);
            ServerLogRecord record = new(ServerLogLevel.Error, text, text) { Fields = [new ServerLogField("user", text)] };
            string line = LogLine.Format(record, Time, LogFormat.Text);
            string json = LogLine.Format(record, Time, LogFormat.Json);
            Assert.True(SafeOutput.IsSafe(line));
            Assert.True(json.All(c => c is >= ' ' and < '\u007f'));
            using JsonDocument parsed = JsonDocument.Parse(json);
            Assert.True(line.Length < 20_000);
        }
    }
}
