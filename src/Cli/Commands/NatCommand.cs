using System;
using System.CommandLine;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.Transport;

namespace Stack.Cli;

/// <summary><c>stackcli nat</c>: NAT behaviour discovery.</summary>
internal sealed class NatCommand
{
    private const string Description =
        "Find out how the NAT in front of this machine behaves (RFC 5780).\n\n"
        + "A server with two addresses shows everything; several plain servers on different addresses show the mapping. What cannot be told is "
        + "'unknown', with the reason; nothing is guessed.\n\n"
        + "Exit codes: 0 mapping or filtering is known; 6 neither is, since the server has no second address; 3 no answer: UDP is blocked or the "
        + "time was too short (with --json the object is printed all the same, with 'error'); 4 name or network failure; 2 usage.";

    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(60);

    private readonly CommandContext _context;
    private readonly CommonOptions _common = new("Seconds for all tests (60; with --lifetime what that may take).");
    private readonly FamilyOptions _family = new();
    private readonly Argument<string[]> _servers = new("SERVER") { Description = ServerText.Description, Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<IPEndPoint?> _local = new("--local") { Description = "Local address; ports are always random.", HelpName = "A" };
    private readonly Option<bool> _lifetime = new("--lifetime") { Description = "Measure how long an idle binding lives; takes minutes." };
    private readonly Option<TimeSpan?> _lifetimeMax = new("--lifetime-max") { Description = "The longest idle time to try (320 s).", HelpName = "S" };

    private NatCommand(CommandContext context)
    {
        _context = context;
        _servers.Validators.Add(CommonOptions.RefuseOptions);
        _local.CustomParser = EndPointText.ParseLocal;
        _lifetimeMax.CustomParser = DurationText.ParsePositive;
    }

    public static Command Create(CommandContext context) => new NatCommand(context).ToCommand();

    private Command ToCommand()
    {
        var command = new Command("nat", Description) { _servers, _local, _lifetime, _lifetimeMax };
        _family.AddTo(command);
        _common.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        StunServerReference[] servers = [.. ServerText.ReadAll(parsed.GetValue(_servers) ?? [], _context.Environment)];
        if (servers.Length > NatDiscovery.MaxServers)
        {
            throw CommandException.Usage($"More than {NatDiscovery.MaxServers} servers.", "One with two addresses shows more than many plain ones.");
        }

        if (Array.Find(servers, server => server.Transport is StunTransport.Tcp or StunTransport.Tls) is { } other)
        {
            throw CommandException.Usage($"{SafeText.Of(other.Text)} demands TCP or TLS, and the tests need UDP.", "Use stun:, or just the host.");
        }

        NatDiscoveryClientOptions options = Read(parsed);
        TimeSpan timeout = options.Timeout!.Value;
        bool json = parsed.GetValue(_common.Json);

        // The library ends the tests by the time and keeps what is known; only finding the servers can take longer.
        using var alarm = new CancellationTokenSource(timeout + TimeSpan.FromMilliseconds(500), _context.Environment.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(alarm.Token, cancellationToken);
        try
        {
            NatReport report = await NatDiscoveryClient.RunAsync(servers, options, either.Token).ConfigureAwait(false);
            return (int)Print(report, json, options.Discovery.MeasureLifetime);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CommandException(Failures.Timeout(SafeText.Of(string.Join(", ", servers.Select(server => server.Text))), timeout));
        }
    }

    private NatDiscoveryClientOptions Read(ParseResult parsed)
    {
        IPAddress? local = parsed.GetValue(_local)?.Address;
        var discovery = new NatDiscoveryOptions { MeasureLifetime = parsed.GetValue(_lifetime) };
        if (parsed.GetValue(_lifetimeMax) is { } max)
        {
            discovery = discovery with { MeasureLifetime = true, MaxLifetime = max };
        }

        bool json = parsed.GetValue(_common.Json);
        return new NatDiscoveryClientOptions
        {
            Discovery = discovery,
            Family = _family.Read(parsed, local?.AddressFamily),
            Local = local,
            Timeout = parsed.GetValue(_common.Timeout)
                ?? (discovery.MeasureLifetime ? DefaultTimeout + (discovery.MaxLifetime * 3) : DefaultTimeout),
            Progress = _context.Terminal.IsWatched && !json ? evidence => _context.Terminal.Progress(NatOutput.Describe(evidence)) : null,
            Trace = parsed.GetValue(_common.Verbose) ? new MessageTrace(_context.Terminal).Show : null,
            TimeProvider = _context.Environment.TimeProvider,
        };
    }

    private ExitCode Print(NatReport report, bool json, bool lifetime)
    {
        Failure? failure = NatOutput.Judge(report);
        if (json)
        {
            _context.Terminal.WriteJson("nat", writer =>
            {
                NatOutput.Write(writer, report, lifetime);
                if (failure is not null)
                {
                    writer.WriteFailure(failure);
                }
            });
        }
        else
        {
            NatOutput.Write(_context.Terminal, report, lifetime);
            if (failure is not null)
            {
                _context.Terminal.Fail("nat", failure);
            }
        }

        return failure?.ExitCode ?? ExitCode.Success;
    }
}
