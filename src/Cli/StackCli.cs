using System;
using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace Stack.Cli;

/// <summary>The tool without its process: arguments in, text and an exit code out. <c>Program</c> adds signals and standard streams.</summary>
internal static class StackCli
{
    private const string Description = "stackcli tests STUN and TURN servers and NATs, connects through them, serves STUN and TURN, loads servers, and explains their messages.";
    private const string Notes =
        "Exit codes: 0 success, 1 negative answer, 2 usage, 3 no answer, 4 name, connection or TLS failure, 5 authentication refused, "
        + "6 the server lacks what was asked for. With --json the object's error.code says the same.";

    public static async Task<int> RunAsync(
        IReadOnlyList<string> args,
        TextWriter stdout,
        TextWriter stderr,
        Stream stdin,
        ConsoleEnvironment environment,
        CancellationToken cancellationToken)
    {
        var terminal = new Terminal(stdout, stderr, environment);
        bool json = args.TakeWhile(argument => argument != "--").Contains("--json");
        string command = "";
        try
        {
            RootCommand root = CreateRoot(new CommandContext(terminal, stdin, environment));
            ParseResult parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
            string[] path = GetPath(parsed);
            command = path.Length == 0 ? "" : path[0];
            if (parsed.Errors.Count != 0 && parsed.Action is not (NotedHelpAction or null))
            {
                throw CommandException.Usage(Describe(parsed.Errors[0].Message), $"See: stackcli {string.Concat(path.Select(static name => name + ' '))}--help");
            }

            var configuration = new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
                Output = new AnswerWriter(stdout),
                Error = stderr,
            };
            int exit = await parsed.InvokeAsync(configuration, cancellationToken).ConfigureAwait(false);
            await configuration.Output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
            return exit;
        }
        catch (OutputClosedException error)
        {
            if (!error.IsBrokenPipe)
            {
                terminal.Fail(command, new Failure(ExitCode.Negative, "output", $"The answer cannot be written: {error.Message}.", "Standard output must be open, and the disk not full."));
            }

            return (int)ExitCode.Negative;
        }
#pragma warning disable CA1031 // The user sees what failed and never a stack trace; the mapping says which are defects.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return Report(terminal, json, command, Failures.From(error));
        }
    }

    // The words of the command and of its subcommands, without the tool's own.
    private static string[] GetPath(ParseResult parsed)
    {
        var path = new Stack<string>();
        for (SymbolResult? result = parsed.CommandResult; result?.Parent is not null; result = result.Parent)
        {
            path.Push(((CommandResult)result).Command.Name);
        }

        return [.. path];
    }

    private static int Report(Terminal terminal, bool json, string command, Failure failure)
    {
        try
        {
            if (json)
            {
                terminal.WriteJsonFailure(command.Length == 0 ? "stackcli" : command, failure);
            }
            else
            {
                terminal.Fail(command, failure);
            }
        }
        catch (OutputClosedException)
        {
            // The exit code still tells.
        }

        return (int)failure.ExitCode;
    }

    private static string Describe(string message) => message.ReplaceLineEndings(" ").Trim();

    private static RootCommand CreateRoot(CommandContext context)
    {
        var root = new RootCommand(Description)
        {
            StunCommand.Create(context),
            NatCommand.Create(context),
            TurnCommand.Create(context),
            IceCommand.Create(context),
            SessionCommand.Create(context),
            DecodeCommand.Create(context),
            ServeCommand.Create(context),
            BenchCommand.Create(context),
            DemoCommand.Create(context),
        };
        root.Directives.Clear();
        foreach (Option option in root.Options)
        {
            if (option is HelpOption { Action: HelpAction page })
            {
                option.Action = new NotedHelpAction(page, Notes);
            }
        }

        return root;
    }
}
