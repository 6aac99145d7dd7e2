using System;
using System.IO;
using System.Runtime.Versioning;
using System.Threading.Tasks;
using Stack.TestKit;
using Xunit;

namespace Stack.Cli.Tests;

[UnsupportedOSPlatform("windows")]
public sealed class PasswordTests : IDisposable
{
    private const string Password = "VOkJxbRl1RmTxUk/WvJxBt";
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _folder = Directory.CreateTempSubdirectory("stackcli").FullName;
    private readonly string _message = Convert.ToHexString(RfcVectors.Bytes("rfc5769/2.1-sample-request"));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(Password)]
    [InlineData(Password + "\n")]
    [InlineData(Password + "\r\n")]
    public async Task PasswordFile_OfItsOwnerAlone_IsRead(string content)
    {
        CliRun run = await DecodeAsync(Write(content, Private));
        Assert.Equal("valid", run.Object.GetProperty("integrity").GetString());
        Assert.Equal(0, run.ExitCode);
        Assert.DoesNotContain(Password, run.All);
    }

    [Fact]
    public async Task PasswordFile_TwoLineFeeds_OnlyTheLastIsTrimmed()
    {
        CliRun run = await DecodeAsync(Write(Password + "\n\n", Private));
        Assert.Equal("invalid", run.Object.GetProperty("integrity").GetString());
        Assert.Equal(1, run.ExitCode);
    }

    [Theory]
    [InlineData(Private | UnixFileMode.GroupRead)]
    [InlineData(Private | UnixFileMode.OtherRead)]
    [InlineData(Private | UnixFileMode.GroupRead | UnixFileMode.OtherRead)]
    [InlineData(Private | UnixFileMode.OtherWrite)]
    public async Task PasswordFile_OpenToOthers_IsRefused(UnixFileMode mode)
    {
        CliRun run = await DecodeAsync(Write(Password, mode));
        JsonShape.IsFailure(run.Object, "decode", "usage");
        Assert.Equal(2, run.ExitCode);
        Assert.DoesNotContain(Password, run.All);
    }

    [Theory]
    [InlineData(Private | UnixFileMode.GroupRead)]
    [InlineData(Private | UnixFileMode.OtherRead)]
    public async Task PrivateKey_OpenToOthers_IsRefused(UnixFileMode mode)
    {
        CliRun run = await CliRun.RunAsync(
            "serve", "--listen", "tls://127.0.0.1:0", "--cert", Write("certificate", Private), "--key", Write("key", mode), "--json");
        JsonShape.IsFailure(run.Object, "serve", "usage");
        Assert.Contains("can be read or changed by others", run.All, StringComparison.Ordinal);
        Assert.Equal(2, run.ExitCode);
    }

    [Fact]
    public async Task PasswordFile_ThatIsNoSecret_IsRefused()
    {
        string loop = Path.Combine(_folder, "loop");
        File.CreateSymbolicLink(loop, loop);
        string[] refused =
        [
            _folder, loop, Path.Combine(_folder, "absent"), Write("", Private), Write("\n", Private), Write(new string('x', 5000), Private), "",
        ];
        foreach (string path in refused)
        {
            CliRun run = await DecodeAsync(path);
            JsonShape.IsFailure(run.Object, "decode", "usage");
            Assert.Equal(2, run.ExitCode);
        }
    }

    [Fact]
    public async Task PasswordFile_NotUtf8_IsRefused()
    {
        string path = Path.Combine(_folder, "latin1");
        await File.WriteAllBytesAsync(path, [0x70, 0xE4]);
        File.SetUnixFileMode(path, Private);
        Assert.Equal(2, (await DecodeAsync(path)).ExitCode);
    }

    [Fact]
    public async Task Password_OnTheCommandLine_WorksAndWarnsAndYieldsToTheFile()
    {
        CliRun run = await CliRun.RunAsync("decode", _message, "--password", Password, "--json");
        Assert.Equal("valid", run.Object.GetProperty("integrity").GetString());
        Assert.Contains("warning: --password", run.Error);
        Assert.DoesNotContain(Password, run.All);

        run = await CliRun.RunAsync("decode", _message, "--password", "wrong", "--password-file", Write(Password, Private), "--json");
        Assert.Equal("valid", run.Object.GetProperty("integrity").GetString());
    }

    [Fact]
    public async Task Password_FromTheEnvironmentOrThePrompt_IsUsed()
    {
        string longTerm = Convert.ToHexString(RfcVectors.Bytes("rfc5769/2.4-long-term-auth-request"));
        ConsoleEnvironment environment = CliRun.WithVariables(("STACK_PASSWORD", "TheMatrIX"));
        CliRun run = await CliRun.RunAsync(environment, [], ["decode", longTerm, "--user", "マトリックス", "--json"]);
        Assert.Equal("valid", run.Object.GetProperty("integrity").GetString());

        string typed = "TheMatrIXX\b\r";
        int at = 0;
        environment = new ConsoleEnvironment { IsInputTerminal = true, ReadKey = () => Key(typed[at++]) };
        run = await CliRun.RunAsync(environment, [], ["decode", longTerm, "--user", "マトリックス", "--json"]);
        Assert.Equal("valid", run.Object.GetProperty("integrity").GetString());
        Assert.DoesNotContain("TheMatr", run.All);
    }

    [Fact]
    public async Task Password_WithControlCharacters_IsRefusedWithoutBeingShown()
    {
        CliRun run = await CliRun.RunAsync("stun", "127.0.0.1:9", "--user", "u", "--password-file", Write("ca\u0001nary", Private));
        Assert.Equal(2, run.ExitCode);
        Assert.DoesNotContain("nary", run.All);
    }

    private static ConsoleKeyInfo Key(char c) => new(c, c switch { '\r' => ConsoleKey.Enter, '\b' => ConsoleKey.Backspace, _ => ConsoleKey.A }, false, false, false);

    private Task<CliRun> DecodeAsync(string passwordFile) => CliRun.RunAsync("decode", _message, "--password-file", passwordFile, "--json");

    private string Write(string content, UnixFileMode mode)
    {
        string path = Path.Combine(_folder, Path.GetRandomFileName());
        File.WriteAllText(path, content);
        File.SetUnixFileMode(path, mode);
        return path;
    }
}
