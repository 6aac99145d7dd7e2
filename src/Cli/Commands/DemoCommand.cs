using System;
using System.CommandLine;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.Transport;
using Stack.Turn;

namespace Stack.Cli;

/// <summary><c>stackcli demo</c>: the server and the other commands against each other on loopback.</summary>
internal sealed class DemoCommand
{
    private const string Description = "Start a server on loopback and run the other commands against it. Needs no network.";

    private const string Notes =
        "Exit codes: 0 every step succeeded; else that of the step that failed.";

    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(60);
    private static readonly StunTransport[] Transports = [StunTransport.Udp, StunTransport.Tcp, StunTransport.Tls];
    private static readonly IPAddress Second = IPAddress.Parse("127.0.0.2");

    private const string Realm = "demo";
    private const string User = "demo";
    private const int Packets = 20;
    private const int PacketSize = 172;
    private const int PacketRate = 100;

    private readonly CommandContext _context;
    private readonly CommonOptions _common = new("Seconds for everything (60).");

    // Only on loopback, and only for as long as the demonstration runs; nobody else gets in all the same.
    private readonly string _password = RandomNumberGenerator.GetHexString(32);

    private DemoCommand(CommandContext context) => _context = context;

    public static Command Create(CommandContext context) => new DemoCommand(context).ToCommand();

    private NotedCommand ToCommand()
    {
        var command = new NotedCommand("demo", Description, Notes);
        _common.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        TimeSpan timeout = parsed.GetValue(_common.Timeout) ?? DefaultTimeout;
        using var alarm = new CancellationTokenSource(timeout, _context.Environment.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(alarm.Token, cancellationToken);
        try
        {
            return (int)await RunStepsAsync(parsed, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CommandException(Failures.Timeout("the server on loopback", timeout));
        }
    }

    private async Task<ExitCode> RunStepsAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        bool json = parsed.GetValue(_common.Json);
        Action<StunTrace>? trace = parsed.GetValue(_common.Verbose) ? new MessageTrace(_context.Terminal).Show : null;
        using X509Certificate2 certificate = DemoCertificate.Create(_context.Environment.TimeProvider.GetUtcNow());
        TurnServerHost server = await StartAsync(certificate).ConfigureAwait(false);
        await using (server.ConfigureAwait(false))
        {
            Show(json, "serve", writer => WriteListeners(writer, server), () => PrintListeners(server));
            foreach (StunTransport transport in Transports)
            {
                await BindAsync(server, transport, certificate, trace, json, cancellationToken).ConfigureAwait(false);
            }

            ExitCode verdict = await DiscoverAsync(server, trace, json, cancellationToken).ConfigureAwait(false);
            foreach (StunTransport transport in Transports)
            {
                await RelayAsync(server, transport, isTcpRelay: false, certificate, trace, json, cancellationToken).ConfigureAwait(false);
            }

            await RelayAsync(server, StunTransport.Tcp, isTcpRelay: true, certificate, trace, json, cancellationToken).ConfigureAwait(false);
            await ConnectAsync(server, IcePolicy.All, trace, json, cancellationToken).ConfigureAwait(false);
            await ConnectAsync(server, IcePolicy.RelayOnly, trace, json, cancellationToken).ConfigureAwait(false);
            await JoinAsync(trace, json, cancellationToken).ConfigureAwait(false);
            return verdict;
        }
    }

    private async Task ConnectAsync(TurnServerHost server, IcePolicy policy, Action<StunTrace>? trace, bool json, CancellationToken cancellationToken)
    {
        IPEndPoint address = server.EndPoints.First(listen => listen.Transport == StunTransport.Udp).EndPoint;
        var turn = new IceServer($"turn:{address}", new LongTermCredential(User, _password));
        bool isRelayed = policy == IcePolicy.RelayOnly;
        try
        {
            (IcePath path, TimeSpan connecting) = await new DemoIce(turn, _context.Environment.TimeProvider, trace)
                .RunAsync(policy, cancellationToken)
                .ConfigureAwait(false);
            var output = new IceOutput(_context.Terminal, json);
            Show(
                json,
                isRelayed ? "ice-relay" : "ice",
                writer => IceOutput.WriteConnection(writer, path, connecting),
                () =>
                {
                    _context.Terminal.Headline($"$ stackcli ice --controlling --server turn:{address} --user {User}{(isRelayed ? " --relay-only" : "")}");
                    output.PrintConnection(path, connecting);
                });
        }
        catch (IceException error)
        {
            throw new CommandException(Failures.From(error));
        }
    }

    private async Task JoinAsync(Action<StunTrace>? trace, bool json, CancellationToken cancellationToken)
    {
        (string word, Uri server, IcePath path, TimeSpan connecting) = await new DemoSession(_context.Environment.TimeProvider, trace)
            .RunAsync(cancellationToken)
            .ConfigureAwait(false);
        var output = new IceOutput(_context.Terminal, json);
        Show(
            json,
            "session",
            writer => IceOutput.WriteConnection(writer, path, connecting),
            () =>
            {
                _context.Terminal.Headline($"$ stackcli ice --session {word} --signal {server.GetLeftPart(UriPartial.Authority)}");
                output.PrintConnection(path, connecting);
            });
    }

    private async Task<TurnServerHost> StartAsync(X509Certificate2 certificate)
    {
        var options = new TurnServerHostOptions
        {
            Realm = Realm,
            Credentials = new StaticCredentialSource(Realm, [StaticUser.FromPassword(User, _password)]),
            PeerRules = new PeerAddressRules { Allow = [new AddressPrefix(TransportAddress.FromIPAddress(IPAddress.Loopback, 0), 32)] },
            Listen =
            [
                new StunListenEndPoint(StunTransport.Udp, new IPEndPoint(IPAddress.Loopback, 0)),
                new StunListenEndPoint(StunTransport.Tcp, new IPEndPoint(IPAddress.Loopback, 0)),
                new StunListenEndPoint(StunTransport.Tls, new IPEndPoint(IPAddress.Loopback, 0)),
            ],
            Alternate = CanUse(Second) ? new IPEndPoint(Second, 0) : null,
            Certificate = certificate,
            Software = "stackcli demo",
        };
        try
        {
            return await TurnServerHost.StartAsync(options).ConfigureAwait(false);
        }
        catch (SocketException error)
        {
            throw new CommandException(new Failure(
                ExitCode.NoAnswer,
                "listen",
                $"Cannot listen on loopback ({error.SocketErrorCode}).",
                "Does this machine have a loopback interface that is up?"));
        }
    }

    // Linux has all of 127.0.0.0/8, others have 127.0.0.1 alone.
    private static bool CanUse(IPAddress address)
    {
        try
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(address, 0));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private async Task BindAsync(
        TurnServerHost server,
        StunTransport transport,
        X509Certificate2 certificate,
        Action<StunTrace>? trace,
        bool json,
        CancellationToken cancellationToken)
    {
        IPEndPoint address = server.EndPoints.First(listen => listen.Transport == transport).EndPoint;
        StunClientOptions options = new()
        {
            Transport = transport,
            Tls = new StunTlsOptions { CustomRoots = [certificate] },
            Trace = trace,
            TimeProvider = _context.Environment.TimeProvider,
        };
        StunClient client = await StunClient.ConnectAsync(StunServerReference.Parse(address.ToString()), options, cancellationToken).ConfigureAwait(false);
        await using (client.ConfigureAwait(false))
        {
            StunBinding binding = await client.BindAsync(cancellationToken).ConfigureAwait(false);
            string name = BindingOutput.GetName(transport);
            Show(
                json,
                "stun-" + name,
                writer => BindingOutput.Write(writer, address.ToString(), binding),
                () =>
                {
                    _context.Terminal.Headline($"$ stackcli stun {address} --transport {name}");
                    BindingOutput.Write(_context.Terminal, address.ToString(), binding);
                });
        }
    }

    private async Task RelayAsync(
        TurnServerHost server,
        StunTransport transport,
        bool isTcpRelay,
        X509Certificate2 certificate,
        Action<StunTrace>? trace,
        bool json,
        CancellationToken cancellationToken)
    {
        IPEndPoint address = server.EndPoints.First(listen => listen.Transport == transport).EndPoint;
        string name = isTcpRelay ? "tcp-relay" : BindingOutput.GetName(transport);
        var request = new TurnRequest
        {
            Server = StunServerReference.Parse(address.ToString()),
            Timeout = DefaultTimeout,
            Packets = Packets,
            Size = PacketSize,
            Rate = PacketRate,
            IsTcpRelay = isTcpRelay,
            Credential = new LongTermCredential(User, _password),
            Client = new TurnClientOptions
            {
                Transport = transport,
                Tls = new StunTlsOptions { CustomRoots = [certificate] },
                Trace = trace,
                TimeProvider = _context.Environment.TimeProvider,
            },
        };
        var test = new RelayTest(
            _context,
            request,
            (near, packets) => Show(
                json,
                "turn-" + name,
                writer => RelayOutput.Write(writer, request, near, packets),
                () =>
                {
                    string how = isTcpRelay ? "--tcp-relay" : $"--transport {name}";
                    _context.Terminal.Headline($"$ stackcli turn {address} {how} --user {User}");
                    RelayOutput.Write(_context.Terminal, request, near, packets);
                }));
        if (await test.RunAsync(cancellationToken).ConfigureAwait(false) != ExitCode.Success)
        {
            throw new CommandException(new Failure(
                ExitCode.Negative, "lost", $"Packets were lost between {address} and itself.", "Is this machine very busy? Try again."));
        }
    }

    private async Task<ExitCode> DiscoverAsync(TurnServerHost server, Action<StunTrace>? trace, bool json, CancellationToken cancellationToken)
    {
        IPEndPoint address = server.EndPoints.First(listen => listen.Transport == StunTransport.Udp).EndPoint;
        var options = new NatDiscoveryClientOptions { Trace = trace, TimeProvider = _context.Environment.TimeProvider };
        NatReport report = await NatDiscoveryClient
            .RunAsync([StunServerReference.Parse(address.ToString())], options, cancellationToken)
            .ConfigureAwait(false);
        Failure? failure = NatOutput.Judge(report);
        Show(
            json,
            "nat",
            writer =>
            {
                NatOutput.Write(writer, report, lifetime: false);
                if (failure is not null)
                {
                    writer.WriteFailure(failure);
                }
            },
            () =>
            {
                _context.Terminal.Headline($"$ stackcli nat {address}");
                NatOutput.Write(_context.Terminal, report, lifetime: false);
                if (failure is not null)
                {
                    _context.Terminal.Fail("demo", failure);
                }
            });
        return failure?.ExitCode ?? ExitCode.Success;
    }

    private void Show(bool json, string step, Action<Utf8JsonWriter> write, Action print)
    {
        if (!json)
        {
            print();
            _context.Terminal.Line("");
            return;
        }

        _context.Terminal.WriteJson("demo", writer =>
        {
            writer.WriteString("step", step);
            write(writer);
        });
    }

    private void PrintListeners(TurnServerHost server)
    {
        _context.Terminal.Headline("$ stackcli serve " + string.Join(" ", server.EndPoints.Select(listen => $"--listen {listen}")));
        foreach (StunListenEndPoint listen in server.EndPoints)
        {
            _context.Terminal.Line($"listening {BindingOutput.GetName(listen.Transport)} {listen.EndPoint}");
        }

        if (server.EndPoints.Count(listen => listen.Transport == StunTransport.Udp) == 1)
        {
            _context.Terminal.Line($"This machine has no {Second}, so the server has no second address (RFC 5780) and the filtering stays unknown.");
        }
    }

    private static void WriteListeners(Utf8JsonWriter json, TurnServerHost server)
    {
        json.WriteStartArray("listening");
        foreach (StunListenEndPoint listen in server.EndPoints)
        {
            json.WriteStartObject();
            json.WriteString("transport", BindingOutput.GetName(listen.Transport));
            json.WriteEndPoint("address", listen.EndPoint);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
