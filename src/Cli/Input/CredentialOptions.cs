using System;
using System.CommandLine;
using System.Text;
using Stack.Stun;

namespace Stack.Cli;

/// <summary>User name and password, by the ways that keep a secret a secret, and by the one that does not.</summary>
internal sealed class CredentialOptions
{
    private const string Variable = "STACK_PASSWORD";
    private const int LongestPassword = 1024;

    private readonly Option<string?> _user = new("--user") { Description = "User name of the long-term credential.", HelpName = "U" };

    private readonly Option<string?> _passwordFile = new("--password-file")
    {
        Description = $"File with the password, mode 600. Else the environment {Variable}, else a prompt.",
        HelpName = "F",
    };

    private readonly Option<string?> _password = new("--password")
    {
        Description = "The password itself; other users of this machine can see it.",
        HelpName = "P",
    };

    public void AddTo(Command command)
    {
        command.Add(_user);
        command.Add(_passwordFile);
        command.Add(_password);
    }

    /// <summary>The long-term credential; null where none is given.</summary>
    public LongTermCredential? ReadCredential(ParseResult parsed, CommandContext context)
    {
        string? user = ReadUser(parsed);
        string? password = ReadPassword(parsed, context, isNeeded: user is not null);
        if (user is null)
        {
            return password is null ? null : throw CommandException.Usage("There is a password, but no --user.", "Give both or none.");
        }

        try
        {
            return new LongTermCredential(user, password!);
        }
        catch (ArgumentException)
        {
            throw CommandException.Usage(
                "The user name or the password is empty, too long, or has characters that RFC 8265 does not allow.",
                "Control characters and the like are not part of either; a user name has at most 508 bytes.");
        }
    }

    public string? ReadUser(ParseResult parsed) => parsed.GetValue(_user);

    /// <summary>Reads the password.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="context">The command's.</param>
    /// <param name="isNeeded">Whether to ask at the terminal, and to fail where there is none.</param>
    public string? ReadPassword(ParseResult parsed, CommandContext context, bool isNeeded)
    {
        string? password = parsed.GetValue(_password);
        if (password is not null)
        {
            context.Terminal.Progress("warning: --password shows the password to other users of this machine; use --password-file.");
        }

        if (parsed.GetValue(_passwordFile) is { } path)
        {
            return SecretFile.Read(path, "--password-file");
        }

        if (!string.IsNullOrEmpty(password))
        {
            return password;
        }

        if (!isNeeded)
        {
            // An exported password is for the commands that need one.
            return password is null ? null : throw Missing();
        }

        return context.Environment.GetVariable(Variable) is { Length: > 0 } exported
            ? exported
            : context.Environment.IsInputTerminal ? Prompt(context) : throw Missing();
    }

    private static CommandException Missing() => CommandException.Usage(
        "The password is missing.",
        $"Give --password-file FILE, or set {Variable}, or run it at a terminal.");

    private static string Prompt(CommandContext context)
    {
        context.Terminal.Progress("Password:");
        var password = new StringBuilder();
        while (password.Length < LongestPassword)
        {
            ConsoleKeyInfo key = context.Environment.ReadKey();
            switch (key.Key)
            {
                case ConsoleKey.Enter:
                    return password.Length == 0 ? throw Missing() : password.ToString();
                case ConsoleKey.Backspace when password.Length != 0:
                    password.Length--;
                    break;
                case ConsoleKey.Backspace:
                    break;
                default:
                    if (key.KeyChar != '\0')
                    {
                        password.Append(key.KeyChar);
                    }

                    break;
            }
        }

        throw Missing();
    }
}
