using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Stack.Ice;
using Stack.Sessions;
using Stack.Stun;
using Stack.Transport;

namespace Stack.Cli;

/// <summary><c>stackcli ice</c>: one ICE agent with its signaling by copy and paste, or a session that is joined by a word.</summary>
internal sealed class IceCommand
{
    private const string Description = "Connect to another ICE agent: by a word and a signaling server, or by copy and paste.";

    private const string Notes =
        "With --session WORD --signal URL: run the same on all machines. Each is connected to each, through whatever NATs; peers are told as they come and go, "
        + "with the way that data takes, round trips and losses, until Ctrl-C, --timeout or --count. stackcli session new makes a word.\n"
        + "Without: run it on both sides, one --controlling and one --controlled. Each prints its description as one line; give each the other's line on standard "
        + "input. Then both check all paths, connect over the first one that works, move to better ones, and exchange probes, which the other side sends "
        + "back. Without --server only hosts in one network find each other.\n"
        + "Exit codes: 0 connected and every probe came back (of as many peers as --count says), 1 no path, or probes were lost, 2 usage, 3 nothing was heard in time, 4 name, connection or "
        + "TLS failure, 5 the other side refuses the credentials.";

    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(60);

    private readonly CommandContext _context;
    private readonly CommonOptions _common = new("Seconds to connect, from the other side's line on (60); seconds that a session lasts (until Ctrl-C).");
    private readonly CredentialOptions _credentials = new();
    private readonly SessionOptions _session = new();
    private readonly Option<bool> _controlling = new("--controlling") { Description = "This side chooses the path; usually the one that calls." };
    private readonly Option<bool> _controlled = new("--controlled") { Description = "The other side chooses the path." };
    private readonly Option<string[]> _servers = new("--server") { Description = "A STUN or TURN server (stun:, turn:, turns: or host); may be repeated.", HelpName = "URI" };
    private readonly Option<bool> _relayOnly = new("--relay-only") { Description = "Show the other side no address but the relay's; needs a TURN server." };
    private readonly Option<bool> _loopback = new("--loopback") { Description = "Use loopback addresses too, for two agents on one machine." };
    private readonly Option<bool> _byTheBook = new("--rfc8445") { Description = "Schedule checks exactly as RFC 8445 does, which is slower." };

    private IceCommand(CommandContext context) => _context = context;

    public static Command Create(CommandContext context) => new IceCommand(context).ToCommand();

    private NotedCommand ToCommand()
    {
        var command = new NotedCommand("ice", Description, Notes) { _controlling, _controlled, _servers, _relayOnly, _loopback, _byTheBook };
        _session.AddTo(command);
        _credentials.AddTo(command);
        _common.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (_session.IsAsked(parsed))
        {
            return (int)await RunSessionAsync(parsed, cancellationToken).ConfigureAwait(false);
        }

        _session.RefuseWithoutSession(parsed);
        bool controlling = parsed.GetValue(_controlling);
        if (controlling == parsed.GetValue(_controlled))
        {
            throw CommandException.Usage(
                "One of --session, --controlling and --controlled is needed.",
                "Give --session WORD --signal URL on both sides; or --controlling on one side and --controlled on the other.");
        }

        IceOptions options = Read(parsed) with
        {
            Role = controlling ? IceRole.Controlling : IceRole.Controlled,
            ConnectTimeout = parsed.GetValue(_common.Timeout) ?? DefaultTimeout,
        };
        if (options.Policy == IcePolicy.RelayOnly && !options.Servers.Any(static server => server.IsTurn))
        {
            throw CommandException.Usage("--relay-only needs a TURN server.", "Give --server turn:HOST, and --user with its password.");
        }

        var output = new IceOutput(_context.Terminal, parsed.GetValue(_common.Json));
        return (int)await new IceTest(_context, options, output).RunAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<ExitCode> RunSessionAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(_controlling) || parsed.GetValue(_controlled))
        {
            throw CommandException.Usage("--session settles the roles.", "Leave --controlling and --controlled away.");
        }

        IceSessionOptions options = _session.Read(parsed, Read(parsed));
        SessionRequest request = _session.ReadRequest(parsed, parsed.GetValue(_common.Timeout));
        if (options.Server.Scheme is "http" or "ws" && !options.Server.IsLoopback)
        {
            _context.Terminal.Progress("warning: without https, whoever is on the way to the signaling server can read the session's word, and join.");
        }

        bool isJson = parsed.GetValue(_common.Json);
        var display = new SessionDisplay(_context.Terminal, isJson);
        var output = new SessionOutput(_context.Terminal, display, isJson);
        try
        {
            return await new SessionTest(_context, options, request, output, display).RunAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (ArgumentException error)
        {
            throw CommandException.Usage(error.Message.Split(" (Parameter", 2)[0], "See: stackcli ice --help");
        }
    }

    private IceOptions Read(ParseResult parsed)
    {
        LongTermCredential? credential = _credentials.ReadCredential(parsed, _context);
        IReadOnlyList<StunServerReference> servers = parsed.GetValue(_servers) is { Length: > 0 } texts ? ServerText.ReadAll(texts, _context.Environment) : [];
        List<IceServer> named = [.. servers.Select(server => new IceServer(server, IsStunUri(server) ? null : credential))];
        if (named.Find(server => server.IsTurn && server.Credential is null) is { } bare)
        {
            throw CommandException.Usage($"{SafeText.Of(bare.ToString())} asks for a user.", "Give --user NAME, and the password by --password-file, STACK_PASSWORD or the prompt.");
        }

        return new IceOptions
        {
            Servers = named,
            Policy = parsed.GetValue(_relayOnly) ? IcePolicy.RelayOnly : IcePolicy.All,
            AllowsLoopback = parsed.GetValue(_loopback),
            Strategy = parsed.GetValue(_byTheBook) ? IceStrategy.Rfc8445 : IceStrategy.Default,
            TimeProvider = _context.Environment.TimeProvider,
            Trace = parsed.GetValue(_common.Verbose) ? new MessageTrace(_context.Terminal).Show : null,
        };
    }

    private static bool IsStunUri(StunServerReference server)
        => server.Text.StartsWith("stun:", StringComparison.OrdinalIgnoreCase) || server.Text.StartsWith("stuns:", StringComparison.OrdinalIgnoreCase);
}
