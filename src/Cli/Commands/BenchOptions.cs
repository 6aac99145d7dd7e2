using System;
using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.Transport;

namespace Stack.Cli;

/// <summary>The options that all loads have: the server, this machine's side, and what is measured.</summary>
internal sealed class BenchOptions
{
    public const string ExitCodes =
        "Exit codes: 0 done and every payload right, 1 payloads were wrong, more was lost than --max-loss allows or the server refused, 2 usage, 3 no answer, "
        + "4 name or connection failure, 5 authentication, 6 the server cannot.";

    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(10);

    private readonly CommandContext _context;
    private readonly CommonOptions _common;
    private readonly FamilyOptions _family = new();
    private readonly Argument<string?> _server = new("SERVER") { Description = ServerText.Description + " UDP only.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<IPAddress?> _local = new("--local") { Description = "Local address of the senders.", HelpName = "A", CustomParser = ParseAddress };
    private readonly Option<int?> _pid = new("--pid") { Description = "Process of the server: measures its CPU time and memory.", HelpName = "PID" };
    private readonly Option<bool> _segmented = new("--segmented") { Description = "Send runs as segments of one message (UDP_SEGMENT)." };
    private readonly Option<bool> _coalesced = new("--coalesced") { Description = "Receive runs as one message (UDP_GRO); spares the server work." };
    private readonly Option<bool> _portable = new("--portable") { Description = "Use portable sockets in the generator." };
    private readonly Option<bool> _own = new("--i-own-this-target") { Description = "Allow load on a public address." };

    public BenchOptions(CommandContext context, string timeout)
    {
        _context = context;
        _common = new CommonOptions(timeout);
        _server.Validators.Add(CommonOptions.RefuseOptions);
        _pid.CustomParser = WholeNumber.Between(1, int.MaxValue);
    }

    /// <summary>What comes first on the help page.</summary>
    public void AddFirst(Command command) => command.Add(_server);

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _pid, _local, _segmented, _coalesced, _portable, _own })
        {
            command.Add(option);
        }

        _family.AddTo(command);
        _common.AddTo(command);
    }

    public bool IsJson(ParseResult parsed) => parsed.GetValue(_common.Json);

    /// <summary>Reads the options and finds the server.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="credential">The credential; null without one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CommandException">Something is wrong with them, or the load must not go there.</exception>
    public async Task<LoadTarget> ReadAsync(ParseResult parsed, LongTermCredential? credential, CancellationToken cancellationToken)
    {
        StunServerReference server = ServerText.Read(parsed.GetValue(_server), _context.Environment);
        if (server.Transport is not (null or StunTransport.Udp))
        {
            throw CommandException.Usage("Load goes over UDP, and the URI demands something else.", "Leave ?transport= away, and use stun: or turn:.");
        }

        IPAddress? local = parsed.GetValue(_local);
        AddressFamily family = _family.Read(parsed, local?.AddressFamily);
        ServerProcess? process = parsed.GetValue(_pid) is { } id ? ServerProcess.Find(id) : null;
        TimeSpan timeout = parsed.GetValue(_common.Timeout) ?? DefaultTimeout;
        IPEndPoint endPoint = await LocateAsync(server, family, timeout, cancellationToken).ConfigureAwait(false);
        if (!AddressScope.IsLocal(endPoint.Address) && !parsed.GetValue(_own))
        {
            throw CommandException.Usage(
                $"Load goes to loopback and private addresses alone, and {endPoint.Address} is neither.",
                "Use --i-own-this-target where that is so.");
        }

        return new LoadTarget
        {
            Name = server.Text,
            Server = endPoint,
            Local = local ?? GetSource(endPoint),
            System = new LoadSystem
            {
                IsPortable = parsed.GetValue(_portable),
                IsSegmented = parsed.GetValue(_segmented),
                IsCoalesced = parsed.GetValue(_coalesced),
            },
            Credential = credential,
            Timeout = timeout,
            Process = process,
            Trace = parsed.GetValue(_common.Verbose) ? new MessageTrace(_context.Terminal).Show : null,
            Time = _context.Environment.TimeProvider,
        };
    }

    /// <summary>Runs a load on a thread of its own.</summary>
    /// <param name="target">The server.</param>
    /// <param name="slotSize">The size of the largest message that is sent.</param>
    /// <param name="run">The load.</param>
    /// <param name="cancellationToken">Ends it early; what was measured by then is the answer.</param>
    public static Task<T> RunAsync<T>(LoadTarget target, int slotSize, Func<LoadLoop, T> run, CancellationToken cancellationToken)
        => Task.Factory.StartNew(
            () =>
            {
                using var loop = new LoadLoop(target.System, slotSize, target.Time, cancellationToken);
                return run(loop);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);

    public static IPAddress? ParseAddress(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (TransportAddress.TryParseAddress(text, 0, out TransportAddress address))
        {
            return address.ToIPAddress();
        }

        result.AddError($"'{text}' is not an address: write 192.0.2.1 or 2001:db8::1.");
        return null;
    }

    private static IPAddress GetSource(IPEndPoint server)
    {
        try
        {
            return UdpSockets.GetSourceAddress(server);
        }
        catch (SocketException error)
        {
            throw new CommandException(new Failure(
                ExitCode.Network, "network", $"There is no way to {server}: {error.SocketErrorCode}.", "Look at the routes of this machine, or name --local."));
        }
    }

    private static async Task<IPEndPoint> LocateAsync(
        StunServerReference server, AddressFamily family, TimeSpan timeout, CancellationToken cancellationToken)
    {
        try
        {
            IReadOnlyList<TurnServerAddress> found = await new TurnServerLocator()
                .LocateAsync(server, [StunTransport.Udp], family, cancellationToken)
                .WaitAsync(timeout, cancellationToken)
                .ConfigureAwait(false);
            return found[0].EndPoint;
        }
        catch (StunResolutionException error)
        {
            throw new CommandException(Failures.From(TurnFailures.From(StunFailures.From(error))));
        }
        catch (TimeoutException)
        {
            throw new CommandException(Failures.Timeout(SafeText.Of(server.Text), timeout));
        }
    }
}
