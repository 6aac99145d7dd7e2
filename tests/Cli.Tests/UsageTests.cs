using System.Threading.Tasks;
using Xunit;

namespace Stack.Cli.Tests;

public sealed class UsageTests
{
    public static TheoryData<string> BadCommandLines => new(
        "",
        "--bogus",
        "bogus",
        "stun",
        "stun --bogus",
        "stun -x",
        "stun 127.0.0.1 127.0.0.2",
        "stun 127.0.0.1 --bogus",
        "stun 127.0.0.1:0",
        "stun 127.0.0.1:65536",
        "stun 127.0.0.1:-1",
        "stun 127.0.0.1:3478x",
        "stun 127.0.0.1:0x10",
        "stun [::1]:",
        "stun [::1",
        "stun -- -h",
        "stun a..b",
        "stun 127.1",
        "stun @/etc/passwd",
        "stun stun:user@host",
        "stun stun:host%00",
        "stun stun:host:0",
        "stun stun:host:65536",
        "stun turn:host?transport=sctp",
        "stun http://host",
        "stun stun:",
        "stun 127.0.0.1 --timeout",
        "stun 127.0.0.1 --timeout x",
        "stun 127.0.0.1 --timeout 0",
        "stun 127.0.0.1 --timeout -1",
        "stun 127.0.0.1 --timeout 1e9",
        "stun 127.0.0.1 --timeout 1 --timeout 2",
        "stun 127.0.0.1 --timeout NaN",
        "stun 127.0.0.1 --count 0",
        "stun 127.0.0.1 --count -1",
        "stun 127.0.0.1 --count 1.5",
        "stun 127.0.0.1 --count 9999999999",
        "stun 127.0.0.1 --interval -1",
        "stun 127.0.0.1 --interval x",
        "stun 127.0.0.1 --transport sctp",
        "stun 127.0.0.1 --transport UDP",
        "stun 127.0.0.1 --transport 0",
        "stun stuns:127.0.0.1 --transport udp",
        "stun 127.0.0.1 --local x",
        "stun 127.0.0.1 --local 127.0.0.1:65536",
        "stun 127.0.0.1 --local 127.1",
        "stun 127.0.0.1 -4 -6",
        "stun 127.0.0.1 -6 --local 127.0.0.1",
        "stun 127.0.0.1 --ca /nonexistent",
        "stun 127.0.0.1 --ca /dev/null",
        "stun 127.0.0.1 --user u",
        "stun 127.0.0.1 --password p",
        "turn",
        "turn --bogus",
        "turn 127.0.0.1 --user u",
        "turn 127.0.0.1 --packets 0",
        "turn 127.0.0.1 --packets x",
        "turn 127.0.0.1 --size 15",
        "turn 127.0.0.1 --size 60001",
        "turn 127.0.0.1 --rate 0",
        "turn 127.0.0.1 --rate 1.5",
        "turn 127.0.0.1 --peer 127.0.0.1",
        "turn 127.0.0.1 --peer localhost:1",
        "turn 127.0.0.1 --channel --send",
        "turn 127.0.0.1 --tcp-relay --channel",
        "turn 127.0.0.1 --tcp-relay --send",
        "turn 127.0.0.1 --tcp-relay --transport udp",
        "turn turn:127.0.0.1?transport=udp --tcp-relay",
        "turn turns:127.0.0.1 --transport udp",
        "turn 127.0.0.1 --transport sctp",
        "turn 127.0.0.1 -4 -6",
        "turn 127.0.0.1 --ca /dev/null",
        "turn 127.0.0.1 --timeout 0",
        "stun 127.0.0.1 --user u --password-file /nonexistent",
        "stun 127.0.0.1:25 --transport tcp",
        "nat",
        "nat --bogus",
        "nat 127.0.0.1 --lifetime-max 0",
        "nat 127.0.0.1 --local x",
        "nat stuns:localhost",
        "nat stun:localhost?transport=tcp",
        "nat 127.0.0.1 127.0.0.2 127.0.0.3 127.0.0.4 127.0.0.5 127.0.0.6 127.0.0.7 127.0.0.8 127.0.0.9",
        "decode zz",
        "decode 0",
        "decode --bogus",
        "decode 00 11",
        "decode 00 --key xx",
        "decode /",
        "serve --bogus",
        "serve extra",
        "serve --listen x",
        "serve --listen udp://localhost:0",
        "serve --listen udp://127.0.0.1:65536",
        "serve --listen udp://127.0.0.1:-1",
        "serve --listen udp://127.0.0.1:0x10",
        "serve --listen udp://127.0.0.1:3478x",
        "serve --listen UDP://127.0.0.1:0",
        "serve --listen sctp://127.0.0.1:0",
        "serve --listen tls://127.0.0.1:0",
        "serve --listen tls://127.0.0.1:0 --cert /nonexistent --key /nonexistent",
        "serve --key /nonexistent",
        "serve --alternate 127.0.0.2",
        "serve --listen udp://127.0.0.1:0 --alternate 127.0.0.1:0",
        "serve --listen tcp://127.0.0.1:0 --alternate 127.0.0.2:0",
        "serve --listen udp://127.0.0.1:0 --alternate [::1]:0",
        "serve --user u:p",
        "serve --config /etc/passwd",
        "ice",
        "ice --controlling --controlled",
        "ice --controlling --relay-only",
        "ice --controlling --server turn:127.0.0.1",
        "ice --controlling --server -h",
        "ice --controlled extra",
        "ice --session w",
        "ice --session w --signal x",
        "ice --session w --signal ftp://127.0.0.1",
        "ice --session w --signal http://127.0.0.1/?x=y",
        "ice --session w --signal http://u@127.0.0.1",
        "ice --session w --signal http://127.0.0.1 --controlling",
        "ice --session w --signal http://127.0.0.1 --dialect peerjs",
        "ice --session w --signal http://127.0.0.1 --count 0",
        "ice --session w --signal http://127.0.0.1 --call x",
        "ice --session a/b --signal http://127.0.0.1 --dialect villas",
        "ice --controlling --signal http://127.0.0.1",
        "ice --controlling --name x",
        "session",
        "session bogus",
        "session new extra",
        "session new --words 0",
        "session new --words 17",
        "session new --words x",
        "bench",
        "bench bogus 127.0.0.1",
        "bench turn",
        "bench turn 127.0.0.1 --bogus",
        "bench turn 127.0.0.1 --user u",
        "bench turn 127.0.0.1 --clients 0",
        "bench turn 127.0.0.1 --size 27",
        "bench turn 127.0.0.1 --size 60001",
        "bench turn 127.0.0.1 --direction sideways",
        "bench turn 127.0.0.1 --peer-address localhost",
        "bench turn 127.0.0.1 --count 0",
        "bench turn 127.0.0.1 --count 1 --duration 1",
        "bench turn 127.0.0.1 --duration 0",
        "bench turn 127.0.0.1 --rate 0",
        "bench turn 127.0.0.1 --rate 1 --window 1",
        "bench turn 127.0.0.1 --run 32 --window 31",
        "bench turn 127.0.0.1 --max-loss 101",
        "bench turn 127.0.0.1 --pid 0",
        "bench turn 127.0.0.1 --pid 2147483647",
        "bench turn 127.0.0.1 --local 127.1",
        "bench turn 127.0.0.1 -4 -6",
        "bench turn turns:127.0.0.1",
        "bench turn turn:127.0.0.1?transport=tcp",
        "bench turn 192.0.2.1",
        "bench stun",
        "bench stun 127.0.0.1 --sources 0",
        "bench stun 127.0.0.1 --local 127.255.255.250 --sources 8 --spread",
        "bench stun 192.0.2.1",
        "bench alloc",
        "bench alloc 127.0.0.1 --count 0",
        "bench alloc 127.0.0.1 --count 1 --ring",
        "bench alloc 127.0.0.1 --concurrency 0",
        "bench alloc 127.0.0.1 --hold -1",
        "bench flood",
        "bench flood garbage",
        "bench flood bogus 127.0.0.1 --rate 1",
        "bench flood garbage 127.0.0.1",
        "bench flood garbage 127.0.0.1 --rate 1 --size 0",
        "bench flood garbage 192.0.2.1 --rate 1",
        "demo extra",
        "demo --bogus");

    [Theory]
    [MemberData(nameof(BadCommandLines))]
    public async Task CommandLine_Bad_Exits2WithOneLineAndAHint(string line)
    {
        CliRun run = await CliRun.RunAsync(Split(line));
        Assert.Equal((int)ExitCode.Usage, run.ExitCode);
        Assert.Equal("", run.Output);
        string[] lines = run.Error.TrimEnd('\n').Split('\n');
        Assert.StartsWith("stackcli", lines[^2]);
        Assert.StartsWith("hint: ", lines[^1]);
        Assert.DoesNotContain("   at ", run.Error);
    }

    [Theory]
    [MemberData(nameof(BadCommandLines))]
    public async Task CommandLine_BadWithJson_PrintsTheErrorObject(string line)
    {
        string[] words = Split(line);
        int at = System.Array.IndexOf(words, "--");
        string[] arguments = at < 0 ? [.. words, "--json"] : [.. words[..at], "--json", .. words[at..]];
        CliRun run = await CliRun.RunAsync(arguments);
        Assert.Equal((int)ExitCode.Usage, run.ExitCode);
        string command = words.Length != 0 && words[0] is "stun" or "nat" or "turn" or "ice" or "decode" or "serve" or "bench" or "session" or "demo" ? words[0] : "stackcli";
        JsonShape.IsFailure(run.Object, command, "usage");
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    public async Task Host_EmptyOrWithASpace_Exits2(string host)
        => Assert.Equal((int)ExitCode.Usage, (await CliRun.RunAsync("stun", host)).ExitCode);

    [Fact]
    public async Task Host_Of300Characters_Exits2()
        => Assert.Equal((int)ExitCode.Usage, (await CliRun.RunAsync("stun", new string('a', 300))).ExitCode);

    [Theory]
    [InlineData("--help")]
    [InlineData("stun --help")]
    [InlineData("nat --help")]
    [InlineData("turn --help")]
    [InlineData("decode --help")]
    [InlineData("serve --help")]
    [InlineData("ice --help")]
    [InlineData("bench --help")]
    [InlineData("bench stun --help")]
    [InlineData("bench turn --help")]
    [InlineData("bench alloc --help")]
    [InlineData("bench flood --help")]
    [InlineData("demo --help")]
    public async Task Help_IsAnAnswerAndNamesTheExitCodes(string line)
    {
        CliRun run = await CliRun.RunAsync(Split(line));
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("Exit codes:", run.Output);
        Assert.Equal("", run.Error);
        if (line is not ("--help" or "bench --help"))
        {
            Assert.Contains("--json", run.Output);
            Assert.Contains("--timeout", run.Output);
            Assert.Contains("-v, --verbose", run.Output);
        }
    }

    [Fact]
    public async Task Version_IsPrinted()
    {
        CliRun run = await CliRun.RunAsync("--version");
        Assert.Equal(0, run.ExitCode);
        Assert.Matches(@"^\d+\.\d+\.\d+", run.Output);
    }

    [Fact]
    public async Task Error_WithEscapesInTheArgument_ShowsThemEscaped()
    {
        CliRun run = await CliRun.RunAsync("stun", "\u001b[2J\u202ehost");
        Assert.Equal((int)ExitCode.Usage, run.ExitCode);
        Assert.Contains("\\u{1b}[2J\\u{202e}host", run.Error);
        Assert.DoesNotContain('\u001b', run.Error);
    }

    private static string[] Split(string line) => line.Split(' ', System.StringSplitOptions.RemoveEmptyEntries);
}
