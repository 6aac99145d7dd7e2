using System;
using System.CommandLine;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.Transport;

namespace Stack.Cli;

/// <summary><c>stackcli stun</c>: the Binding test.</summary>
internal sealed class StunCommand
{
    private const string Description = "Ask a STUN server for the address that it sees.";

    private const string Notes =
        "One test sends its request again on the schedule of RFC 8489 and ends by --timeout. With --count or --watch each probe is sent once, "
        + "so that lost ones are seen, and waits for --timeout (2 s) at most.\n"
        + "Exit codes: 0 answered, 2 usage, 3 no answer, 4 name, connection or TLS failure, 5 authentication, 6 the server cannot.";

    private static readonly TimeSpan SingleTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(2);

    private readonly CommandContext _context;
    private readonly CommonOptions _common = new("Seconds until the test is given up (10); with --count or --watch, for each probe (2).");
    private readonly FamilyOptions _family = new();
    private readonly CredentialOptions _credentials = new();
    private readonly Argument<string?> _server = new("SERVER") { Description = ServerText.Description, Arity = ArgumentArity.ZeroOrOne };
    private readonly TransportOptions _transport = new();
    private readonly Option<IPEndPoint?> _local = new("--local") { Description = "Local address, with or without a port.", HelpName = "A[:P]" };
    private readonly Option<int?> _count = new("--count", "-c") { Description = "Send N probes and sum up.", HelpName = "N" };
    private readonly Option<TimeSpan?> _interval = new("--interval", "-i") { Description = "Seconds between probes (1).", HelpName = "S" };
    private readonly Option<bool> _watch = new("--watch") { Description = "Probe until Ctrl-C or --count, with live numbers." };
    private readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "Print the mapped address alone." };

    private StunCommand(CommandContext context)
    {
        _context = context;
        _server.Validators.Add(CommonOptions.RefuseOptions);
        _local.CustomParser = EndPointText.ParseLocal;
        _count.CustomParser = WholeNumber.Between(1, 1_000_000);
        _interval.CustomParser = DurationText.ParseFromZero;
    }

    public static Command Create(CommandContext context) => new StunCommand(context).ToCommand();

    private NotedCommand ToCommand()
    {
        var command = new NotedCommand("stun", Description, Notes)
        {
            _server, _local, _count, _interval, _watch, _quiet,
        };
        _transport.AddTo(command);
        _family.AddTo(command);
        _credentials.AddTo(command);
        _common.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        StunRequest request = Read(parsed);
        ExitCode exit = request.IsSingle
            ? await BindingTest.RunAsync(_context, request, cancellationToken).ConfigureAwait(false)
            : await new BindingSeries(_context, request).RunAsync(cancellationToken).ConfigureAwait(false);
        return (int)exit;
    }

    private StunRequest Read(ParseResult parsed)
    {
        StunServerReference server = ServerText.Read(parsed.GetValue(_server), _context.Environment);
        IPEndPoint? local = parsed.GetValue(_local);
        int? count = parsed.GetValue(_count);
        bool watch = parsed.GetValue(_watch);
        bool single = count is null && !watch;
        TimeSpan timeout = parsed.GetValue(_common.Timeout) ?? (single ? SingleTimeout : ProbeTimeout);

        // What the schedule notices in time has better words than the alarm clock has.
        TimeSpan limit = timeout - (timeout > TimeSpan.FromSeconds(2) ? TimeSpan.FromMilliseconds(100) : timeout / 20);
        return new StunRequest
        {
            Server = server,
            Timeout = timeout,
            Count = count,
            IsWatching = watch,
            Interval = parsed.GetValue(_interval) ?? TimeSpan.FromSeconds(1),
            IsQuiet = parsed.GetValue(_quiet),
            IsJson = parsed.GetValue(_common.Json),
            Client = new StunClientOptions
            {
                Transport = _transport.Read(parsed, server),
                Family = _family.Read(parsed, local?.AddressFamily),
                Local = local,
                Schedule = single
                    ? new RetransmissionSchedule { Limit = limit }
                    : new RetransmissionSchedule { Limit = limit, MaxRequests = 1, FinalWaitFactor = 64, InitialRto = TimeSpan.FromSeconds(60) },
                ConnectTimeout = limit,
                Tls = _transport.ReadTls(parsed),
                Credential = _credentials.ReadCredential(parsed, _context),
                Trace = parsed.GetValue(_common.Verbose) ? new MessageTrace(_context.Terminal).Show : null,
                TimeProvider = _context.Environment.TimeProvider,
            },
        };
    }
}
