using System.CommandLine;

namespace Stack.Cli;

/// <summary><c>stackcli bench</c>: load on a server, with every payload checked.</summary>
internal static class BenchCommand
{
    private const string Notes =
        "Each has --help, --json, --timeout and -v of its own. Load goes to loopback and private addresses alone unless --i-own-this-target is given.\n"
        + BenchOptions.ExitCodes;

    public static Command Create(CommandContext context) => new NotedCommand("bench", "Load a STUN or TURN server, and check every payload.", Notes)
    {
        BenchStunCommand.Create(context),
        BenchTurnCommand.Create(context),
        BenchAllocCommand.Create(context),
        BenchFloodCommand.Create(context),
    };
}
