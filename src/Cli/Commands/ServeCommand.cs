using System;
using System.CommandLine;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using Stack.Transport;

namespace Stack.Cli;

/// <summary><c>stackcli serve</c>: a STUN and TURN server until a signal ends it.</summary>
internal sealed class ServeCommand
{
    private const string Description = "Serve STUN, TURN where there are users, and sessions with --signal. Without both --listen and --signal: udp and tcp on 127.0.0.1:3478 and [::1]:3478.";

    private const string Notes =
        "Prints a line for each listener, then 'ready'; the log goes to standard error. SIGHUP reads users, secrets, peers, limits and certificates\n"
        + "again, all or nothing. SIGTERM and Ctrl-C take no new allocations and wait --drain-seconds for the live ones; a second one ends it at once.\n"
        + "Exit codes: 0 ended by a signal or --timeout, 2 usage or configuration, 3 an address or port cannot be used.";

    private readonly CommandContext _context;
    private readonly CommonOptions _common = new("Seconds to serve; for ever without.");
    private readonly ServeFlags _flags = new();

    private ServeCommand(CommandContext context) => _context = context;

    public static Command Create(CommandContext context) => new ServeCommand(context).ToCommand();

    private NotedCommand ToCommand()
    {
        var command = new NotedCommand("serve", Description, Notes);
        _flags.AddTo(command);
        _common.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        ServeConfiguration configuration = Read(parsed);
        if (_flags.ShowsPassword(parsed))
        {
            _context.Terminal.Progress("warning: --user shows passwords to other users of this machine; use --users-file. So does a password in --signal-redis; put it into a --config file.");
        }

        TimeProvider time = _context.Environment.TimeProvider;
        var logger = new ServerLogger(OpenLog(configuration.Log), configuration.Log, time);
        await using (logger.ConfigureAwait(false))
        {
            Action<StunTrace>? trace = parsed.GetValue(_common.Verbose) ? new MessageTrace(_context.Terminal).Show : null;
            using var counters = new ServerCounters();
            ServeSession session = await StartAsync(configuration, () => Read(parsed), trace, logger).ConfigureAwait(false);
            await using (session.ConfigureAwait(false))
            {
                using PosixSignalRegistration? reload = OnReload(session);
                Announce(session, parsed.GetValue(_common.Json));
                await WaitAsync(parsed.GetValue(_common.Timeout), cancellationToken).ConfigureAwait(false);
                await session.DrainAsync().ConfigureAwait(false);
                counters.Collect();
            }

            _context.Terminal.Progress($"served: {counters}");
        }

        return (int)ExitCode.Success;
    }

    private static PosixSignalRegistration? OnReload(ServeSession session)
        => OperatingSystem.IsWindows()
            ? null
            : PosixSignalRegistration.Create(
                PosixSignal.SIGHUP,
                signal =>
                {
                    signal.Cancel = true;
                    session.Reload();
                });

    private ServeConfiguration Read(ParseResult parsed)
    {
        ServeConfiguration configuration = _flags.Read(parsed);
        if (configuration.Listen.Count == 0 && !configuration.IsSignalingAlone)
        {
            configuration = configuration with { Listen = ServeHostOptions.GetDefaultListen() };
            if (!Socket.OSSupportsIPv6)
            {
                _context.Terminal.Progress("note: this machine has no IPv6; listening on IPv4 alone.");
            }
        }

        return configuration.RelayAddresses.Count != 0 || configuration.ExternalAddresses.Count == 0
            ? configuration
            : configuration with { RelayAddresses = ServeHostOptions.GetDefaultRelays(configuration.Listen) };
    }

    private LogSink OpenLog(LogSettings settings)
    {
        try
        {
            return new LogSink(
                settings.File is { } file ? () => LogSink.OpenFile(file) : _context.Terminal.OpenErrors,
                _context.Environment.TimeProvider);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw CommandException.Usage($"The log {SafeText.Of(settings.File ?? "")} cannot be opened.", "Name a file that this user can write.");
        }
    }

    private async Task<ServeSession> StartAsync(
        ServeConfiguration configuration,
        Func<ServeConfiguration> read,
        Action<StunTrace>? trace,
        ServerLogger logger)
    {
        try
        {
            return await ServeSession.StartAsync(configuration, read, trace, logger, _context.Environment.TimeProvider).ConfigureAwait(false);
        }
        catch (ArgumentException error)
        {
            string message = error.Message.Split(" (Parameter", 2)[0];
            throw CommandException.Usage(message, "See: stackcli serve --help");
        }
        catch (SocketException error)
        {
            string where = string.Join(", ", [.. configuration.Listen.Select(static one => one.ToString()), .. configuration.Signal.Listen.Select(static one => one.ToString())]);
            (string message, string hint) = error.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => ("is in use", "Another server has the port: end that one, or choose another port, or 0 for a free one."),
                SocketError.AccessDenied => ("is not allowed", "Ports below 1024 need privileges; choose a higher one."),
                SocketError.AddressNotAvailable => ("is no address of this machine", "See the addresses of this machine: ip address."),
                _ => ($"cannot be used ({error.SocketErrorCode})", "Choose another address or port."),
            };
            throw new CommandException(new Failure(
                ExitCode.NoAnswer,
                "listen",
                $"Cannot listen: one of {where}{(configuration.Alternate is null ? "" : $" with alternate {configuration.Alternate}")} {message}.",
                hint,
                Kebab.From(error.SocketErrorCode.ToString())));
        }
    }

    private void Announce(ServeSession session, bool json)
    {
        List<(string Transport, IPEndPoint EndPoint)> listening =
        [
            .. (session.Host?.EndPoints ?? []).Select(static listen => (BindingOutput.GetName(listen.Transport), listen.EndPoint)),
            .. (session.Signal?.EndPoints ?? []).Select(static listen => (listen.UsesTls ? "https" : "http", listen.EndPoint)),
        ];
        foreach ((string transport, IPEndPoint endPoint) in listening)
        {
            if (json)
            {
                _context.Terminal.WriteJson("serve", writer =>
                {
                    writer.WriteString("event", "listening");
                    writer.WriteString("transport", transport);
                    writer.WriteEndPoint("address", endPoint);
                });
            }
            else
            {
                _context.Terminal.Line($"listening {transport} {endPoint}");
            }
        }

        if (json)
        {
            _context.Terminal.WriteJson("serve", writer => writer.WriteString("event", "ready"));
        }
        else
        {
            _context.Terminal.Line("ready");
        }
    }

    private async Task WaitAsync(TimeSpan? time, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(time ?? Timeout.InfiniteTimeSpan, _context.Environment.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // A signal is how a server ends.
        }
    }
}
