using System;
using System.CommandLine;
using System.IO;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Stack.Cli;

/// <summary><c>stackcli decode</c>: explains a message.</summary>
internal sealed class DecodeCommand
{
    private const string Description =
        "Explain a STUN or TURN message, or a ChannelData message.\n\n"
        + "Exit codes: 0 well formed, and every check that could be made succeeded; 1 malformed, or a check failed; 2 usage.";

    private const int MaxInput = 1024 * 1024;
    private static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(60);

    private readonly CommandContext _context;
    private readonly CommonOptions _common = new("Seconds to wait for standard input (60).");
    private readonly CredentialOptions _credentials = new();
    private readonly Argument<string?> _message = new("HEX|FILE|-")
    {
        Description = "Hexadecimal digits (dumps of xxd, hexdump -C and tcpdump -x too), a file of those or of the bytes, or - for standard input.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _realm = new("--realm") { Description = "Realm of the long-term key; else the message's REALM.", HelpName = "R" };
    private readonly Option<string?> _key = new("--key") { Description = "The HMAC key itself, in hexadecimal digits.", HelpName = "HEX" };

    private DecodeCommand(CommandContext context)
    {
        _context = context;
        _message.Validators.Add(CommonOptions.RefuseOptions);
    }

    public static Command Create(CommandContext context) => new DecodeCommand(context).ToCommand();

    private Command ToCommand()
    {
        var command = new Command("decode", Description) { _message, _realm, _key };
        _credentials.AddTo(command);
        _common.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        IntegrityCheck check = ReadKeys(parsed);
        TimeSpan timeout = parsed.GetValue(_common.Timeout) ?? ReadTimeout;
        byte[] bytes = await ReadMessageAsync(parsed.GetValue(_message) ?? "-", timeout, cancellationToken).ConfigureAwait(false);
        DecodeAnswer answer = DecodeAnswer.Create(bytes, check);
        if (parsed.GetValue(_common.Json))
        {
            _context.Terminal.WriteJson("decode", answer.WriteTo);
        }
        else
        {
            answer.WriteTo(_context.Terminal, parsed.GetValue(_common.Verbose));
            if (answer.Failure is { } failure)
            {
                _context.Terminal.Fail("decode", failure);
            }
        }

        return (int)(answer.Failure?.ExitCode ?? ExitCode.Success);
    }

    private IntegrityCheck ReadKeys(ParseResult parsed)
    {
        byte[]? key = null;
        if (parsed.GetValue(_key) is { } hex && !HexText.TryParse(hex, out key))
        {
            throw CommandException.Usage("--key is not a row of hexadecimal digits.", "Two digits a byte; --password takes the password itself.");
        }

        string? user = _credentials.ReadUser(parsed);
        string? realm = parsed.GetValue(_realm);
        bool isNeeded = key is null && (user is not null || realm is not null);
        return new IntegrityCheck(key, _credentials.ReadPassword(parsed, _context, isNeeded), user, realm);
    }

    private async Task<byte[]> ReadMessageAsync(string source, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (source == "-")
        {
            return FromText(await ReadInputAsync(timeout, cancellationToken).ConfigureAwait(false));
        }

        if (!File.Exists(source))
        {
            return HexText.TryParse(source, out byte[]? bytes)
                ? bytes
                : throw CommandException.Usage(
                    $"'{SafeText.Of(source)}' is neither a file nor a row of hexadecimal digits.",
                    "Two digits a byte, such as 000100002112a442...; a file's name; or - for standard input.");
        }

        try
        {
            var file = new FileStream(source, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            await using (file.ConfigureAwait(false))
            {
                return FromText(await ReadBoundedAsync(file, cancellationToken).ConfigureAwait(false));
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw CommandException.Usage($"{SafeText.Of(source)} cannot be read ({error.GetType().Name}).", "Check the file's name and its permissions.");
        }
    }

    private async Task<byte[]> ReadInputAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        try
        {
            // Reads of a terminal or a pipe cannot be stopped, only left behind.
            return await Task.Run(() => ReadBoundedAsync(_context.Input, cancellationToken), cancellationToken)
                .WaitAsync(timeout, _context.Environment.TimeProvider, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new CommandException(Failure.Timeout("Standard input did not end in time.", "End it with Ctrl-D, or name a file."));
        }
        catch (IOException)
        {
            throw CommandException.Usage("Standard input cannot be read.", "Name a file, or give the digits as an argument.");
        }
    }

    private static async Task<byte[]> ReadBoundedAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        byte[] buffer = new byte[16 * 1024];
        int length;
        while ((length = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) != 0)
        {
            bytes.Write(buffer, 0, length);
            if (bytes.Length > MaxInput)
            {
                throw CommandException.Usage("The input has more than 1 MiB, and no message is that long.", "Give one message at a time.");
            }
        }

        return bytes.ToArray();
    }

    // No STUN message is ASCII text: its first byte is 0 to 3.
    private static byte[] FromText(byte[] bytes)
        => Ascii.IsValid(bytes) && HexText.TryParse(Encoding.ASCII.GetString(bytes), out byte[]? parsed) ? parsed : bytes;
}
