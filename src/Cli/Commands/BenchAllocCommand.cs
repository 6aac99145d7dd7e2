using System;
using System.CommandLine;
using System.Threading;
using System.Threading.Tasks;

namespace Stack.Cli;

/// <summary><c>stackcli bench alloc</c>: load of allocations.</summary>
internal sealed class BenchAllocCommand
{
    private const string Notes =
        "Each allocation has a socket of its own and answers the server's challenge itself. rttMs is from the first Allocate request to the grant, challenge "
        + "included. serverCpuUsPerPacket is the server's time by each allocation, without refreshes, relaying and release. With --pid memoryBytes compares "
        + "the server's resident memory before, with all allocations there, and after the release.\n"
        + BenchOptions.ExitCodes;

    private readonly CommandContext _context;
    private readonly BenchOptions _bench;
    private readonly CredentialOptions _credentials = new();
    private readonly Option<int?> _count = new("--count", "-n") { Description = "Allocations (100).", HelpName = "K" };
    private readonly Option<int?> _concurrency = new("--concurrency") { Description = "Allocations asked for at a time (16).", HelpName = "N" };
    private readonly Option<TimeSpan?> _hold = new("--hold") { Description = "Seconds to hold them.", HelpName = "S", CustomParser = DurationText.ParseFromZero };
    private readonly Option<bool> _refresh = new("--refresh") { Description = "Refresh each once." };
    private readonly Option<bool> _ring = new("--ring") { Description = "Have each relay a packet to the next one, the last one to the first." };

    private readonly Option<TimeSpan?> _settle = new("--settle")
    {
        Description = "Seconds between the release and the last look at the server's memory.",
        HelpName = "S",
        CustomParser = DurationText.ParseFromZero,
    };

    private BenchAllocCommand(CommandContext context)
    {
        _context = context;
        _bench = new BenchOptions(context, "Seconds without an answer until it is given up (10).");
        _count.CustomParser = WholeNumber.Between(1, 1_000_000);
        _concurrency.CustomParser = WholeNumber.Between(1, 10_000);
    }

    public static Command Create(CommandContext context) => new BenchAllocCommand(context).ToCommand();

    private NotedCommand ToCommand()
    {
        var command = new NotedCommand("alloc", "Make allocations, hold and use them, and give them back.", Notes);
        _bench.AddFirst(command);
        foreach (Option option in new Option[] { _count, _concurrency, _hold, _refresh, _ring, _settle })
        {
            command.Add(option);
        }

        _credentials.AddTo(command);
        _bench.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var plan = new AllocationPlan
        {
            Count = parsed.GetValue(_count) ?? 100,
            Concurrency = parsed.GetValue(_concurrency) ?? 16,
            Hold = parsed.GetValue(_hold) ?? TimeSpan.Zero,
            Refreshes = parsed.GetValue(_refresh),
            Relays = parsed.GetValue(_ring),
            Settle = parsed.GetValue(_settle) ?? TimeSpan.Zero,
        };
        if (plan.Relays && plan.Count < 2)
        {
            throw CommandException.Usage("--ring needs two allocations at least.", "Give a --count of 2 or more.");
        }

        LoadTarget target = await _bench.ReadAsync(parsed, _credentials.ReadCredential(parsed, _context), cancellationToken).ConfigureAwait(false);
        AllocationTally tally = await BenchOptions.RunAsync(
            target,
            AllocationLoad.SlotSize,
            loop =>
            {
                using var load = new AllocationLoad(target, loop, plan);
                load.Run();
                return load.Tally;
            },
            cancellationToken).ConfigureAwait(false);
        return new LoadReport(_context.Terminal, "alloc", target, _bench.IsJson(parsed)).Show(plan, tally);
    }
}
