using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using System.Threading;
using System.Threading.Tasks;

namespace Stack.Cli;

/// <summary><c>stackcli bench turn</c>: load on a relay.</summary>
internal sealed class BenchTurnCommand
{
    private const int MostSize = 60_000;

    private const string Notes =
        "The peers are built in: the server must be allowed to reach them (--allow-peer 127.0.0.0/8 of stackcli serve). Every packet carries its number, its "
        + "time and a pattern, and is checked byte for byte, and for its source, where it arrives. rttMs is from sending to arrival: one way through the relay, "
        + "or there and back with --direction echo. serverCpuUsPerPacket is user and system time of the whole server process, by each packet that arrived.\n"
        + BenchOptions.ExitCodes;

    private readonly CommandContext _context;
    private readonly BenchOptions _bench;
    private readonly PlanOptions _plan = new();
    private readonly CredentialOptions _credentials = new();
    private readonly Option<int?> _clients = new("--clients") { Description = "Allocations (8).", HelpName = "N" };
    private readonly Option<int?> _peers = new("--peers") { Description = "Sockets of peers; one for each client by default.", HelpName = "N" };

    private readonly Option<IPAddress?> _peerAddress = new("--peer-address")
    {
        Description = "Local address of the peers; that of the clients by default.",
        HelpName = "A",
        CustomParser = BenchOptions.ParseAddress,
    };

    private readonly Option<RelayDirection?> _direction = new("--direction")
    {
        Description = "out (client to peer, the default), in, both, or echo.",
        HelpName = "D",
        CustomParser = ParseDirection,
    };

    private readonly Option<int?> _size = new("--size") { Description = "Bytes of payload in a packet (172).", HelpName = "B" };
    private readonly Option<bool> _send = new("--send") { Description = "Send and Data indications in place of channels." };

    private BenchTurnCommand(CommandContext context)
    {
        _context = context;
        _bench = new BenchOptions(context, "Seconds without an answer until set-up is given up (10).");
        _clients.CustomParser = WholeNumber.Between(1, 100_000);
        _peers.CustomParser = WholeNumber.Between(1, 100_000);
        _size.CustomParser = WholeNumber.Between(LoadPayload.HeaderSize, MostSize);
    }

    public static Command Create(CommandContext context) => new BenchTurnCommand(context).ToCommand();

    private NotedCommand ToCommand()
    {
        var command = new NotedCommand("turn", "Relay packets between clients and peers.", Notes);
        _bench.AddFirst(command);
        foreach (Option option in new Option[] { _clients, _direction, _size, _send, _peers, _peerAddress })
        {
            command.Add(option);
        }

        _plan.AddTo(command);
        _credentials.AddTo(command);
        _bench.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var plan = new RelayPlan
        {
            Load = _plan.Read(parsed),
            Clients = parsed.GetValue(_clients) ?? 8,
            Peers = parsed.GetValue(_peers),
            PeerAddress = parsed.GetValue(_peerAddress),
            Direction = parsed.GetValue(_direction) ?? RelayDirection.Out,
            Size = parsed.GetValue(_size) ?? 172,
            UsesIndications = parsed.GetValue(_send),
        };
        LoadTarget target = await _bench.ReadAsync(parsed, _credentials.ReadCredential(parsed, _context), cancellationToken).ConfigureAwait(false);
        int slot = System.Math.Max(RelayLoad.GetSlotSize(plan.Size), Turn.ClientAllocation.MaxRequestSize);
        LoadTally tally = await BenchOptions.RunAsync(
            target,
            slot,
            loop =>
            {
                using var load = new RelayLoad(target, loop, plan);
                return load.Run();
            },
            cancellationToken).ConfigureAwait(false);
        return new LoadReport(_context.Terminal, "turn", target, _bench.IsJson(parsed)).Show(plan, tally);
    }

    private static RelayDirection? ParseDirection(ArgumentResult result)
    {
        switch (result.Tokens[0].Value)
        {
            case "out":
                return RelayDirection.Out;
            case "in":
                return RelayDirection.In;
            case "both":
                return RelayDirection.Both;
            case "echo":
                return RelayDirection.Echo;
            default:
                result.AddError($"'{result.Tokens[0].Value}' is not a direction: out, in, both or echo.");
                return null;
        }
    }
}
