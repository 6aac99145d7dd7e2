using System.CommandLine;
using System.Threading;
using System.Threading.Tasks;

namespace Stack.Cli;

/// <summary><c>stackcli bench stun</c>: load of Binding requests.</summary>
internal sealed class BenchStunCommand
{
    // A line of the cache more than a bare request needs.
    private const int SlotSize = 128;

    private const string Notes =
        "Each answer must belong to a request, come from the server and name the address that the request came from. Servers answer strangers slowly on "
        + "purpose: stackcli serve needs --limit replies-per-second=1000000 --limit reply-burst=1000000 --limit replies-per-second-in-all=1000000.\n"
        + BenchOptions.ExitCodes;

    private readonly CommandContext _context;
    private readonly BenchOptions _bench;
    private readonly PlanOptions _plan = new();
    private readonly SourceOptions _sources = new();

    private BenchStunCommand(CommandContext context)
    {
        _context = context;
        _bench = new BenchOptions(context, "Seconds until the server's name is given up (10).");
    }

    public static Command Create(CommandContext context) => new BenchStunCommand(context).ToCommand();

    private NotedCommand ToCommand()
    {
        var command = new NotedCommand("stun", "Send Binding requests.", Notes);
        _bench.AddFirst(command);
        _sources.AddTo(command);
        _plan.AddTo(command);
        _bench.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        LoadPlan plan = _plan.Read(parsed);
        LoadTarget target = await _bench.ReadAsync(parsed, null, cancellationToken).ConfigureAwait(false);
        SourceAddresses addresses = _sources.Read(parsed, target, byDefault: 8);
        LoadTally tally = await BenchOptions.RunAsync(
            target,
            SlotSize,
            loop =>
            {
                using var load = new BindingLoad(target, loop, plan, addresses);
                return load.Run();
            },
            cancellationToken).ConfigureAwait(false);
        return new LoadReport(_context.Terminal, "stun", target, _bench.IsJson(parsed)).Show(plan, addresses.Count, tally);
    }
}
