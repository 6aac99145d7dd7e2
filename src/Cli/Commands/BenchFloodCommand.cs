using System.CommandLine;
using System.CommandLine.Parsing;
using System.Threading;
using System.Threading.Tasks;

namespace Stack.Cli;

/// <summary><c>stackcli bench flood</c>: what a server has to bear beside its work.</summary>
internal sealed class BenchFloodCommand
{
    private const int SlotSize = 2048;
    private const int MostSize = 1472;

    private const string Notes =
        "garbage: random bytes. binding: Binding requests. allocate: Allocate requests without a credential. forged: Allocate requests with the nonce that the "
        + "server has given to the source, the name of --user and a wrong MESSAGE-INTEGRITY. Run it beside bench turn --rate, which must have another local "
        + "address, since a server may silence the sources of a flood. received counts answers, which are no success and not waited for.\n"
        + BenchOptions.ExitCodes;

    private readonly CommandContext _context;
    private readonly BenchOptions _bench;
    private readonly PlanOptions _plan = new();
    private readonly SourceOptions _sources = new();
    private readonly Argument<FloodKind> _kind = new("KIND") { Description = "garbage, binding, allocate or forged.", CustomParser = ParseKind };
    private readonly Option<int?> _size = new("--size") { Description = "Bytes in a datagram of garbage (172).", HelpName = "B" };
    private readonly Option<string?> _user = new("--user") { Description = "User that forged requests name (nobody).", HelpName = "U" };

    private BenchFloodCommand(CommandContext context)
    {
        _context = context;
        _bench = new BenchOptions(context, "Seconds until the server's name is given up (10).");
        _size.CustomParser = WholeNumber.Between(1, MostSize);
    }

    public static Command Create(CommandContext context) => new BenchFloodCommand(context).ToCommand();

    private NotedCommand ToCommand()
    {
        var command = new NotedCommand("flood", "Flood a server with what it must bear.", Notes) { _kind };
        _bench.AddFirst(command);
        command.Add(_size);
        command.Add(_user);
        _sources.AddTo(command);
        _plan.AddTo(command);
        _bench.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        FloodKind kind = parsed.GetValue(_kind);
        LoadPlan load = _plan.Read(parsed, defaultRun: 1);
        if (load.Rate is null)
        {
            throw CommandException.Usage("A flood has a --rate.", "Give packets a second: --rate 20000.");
        }

        string user = parsed.GetValue(_user) ?? "nobody";
        if (user.Length is 0 or > 128)
        {
            throw CommandException.Usage("--user has 1 to 128 characters.", "Name the user that forged requests shall claim to be.");
        }

        LoadTarget target = await _bench.ReadAsync(parsed, null, cancellationToken).ConfigureAwait(false);
        SourceAddresses addresses = _sources.Read(parsed, target, byDefault: 8);
        var plan = new FloodPlan { Kind = kind, Load = load, Size = parsed.GetValue(_size) ?? 172, User = user };
        LoadTally tally = await BenchOptions.RunAsync(
            target,
            SlotSize,
            loop =>
            {
                using var flood = new FloodLoad(target, loop, plan, addresses);
                return flood.Run();
            },
            cancellationToken).ConfigureAwait(false);
        return new LoadReport(_context.Terminal, "flood", target, _bench.IsJson(parsed)).Show(plan, addresses.Count, tally);
    }

    private static FloodKind ParseKind(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        switch (text)
        {
            case "garbage":
                return FloodKind.Garbage;
            case "binding":
                return FloodKind.Binding;
            case "allocate":
                return FloodKind.Allocate;
            case "forged":
                return FloodKind.Forged;
            default:
                result.AddError($"'{text}' is not a flood: garbage, binding, allocate or forged.");
                return default;
        }
    }
}
