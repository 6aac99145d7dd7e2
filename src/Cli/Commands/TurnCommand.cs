using System;
using System.CommandLine;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.Transport;

namespace Stack.Cli;

/// <summary><c>stackcli turn</c>: packets through a relay and back.</summary>
internal sealed class TurnCommand
{
    public const int LeastSize = 16;

    private const int MostSize = 60_000;
    private const string Description = "Allocate at a TURN server and send packets through the relay and back.";

    private const string Notes =
        "Two allocations talk to each other, so that it works from behind any NAT; with --peer one allocation talks to a host that sends back what it "
        + "gets. Every packet is checked, byte for byte. rttMs is through the relay and back.\n"
        + "Exit codes: 0 nothing was lost, 1 packets were lost or the server refused, 2 usage, 3 no answer, 4 name, connection or TLS failure, "
        + "5 authentication, 6 the server cannot.";

    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(10);

    private readonly CommandContext _context;
    private readonly CommonOptions _common = new("Seconds until the allocations are given up (10); the last packet is waited for 2 s at most.");
    private readonly FamilyOptions _family = new();
    private readonly CredentialOptions _credentials = new();
    private readonly TransportOptions _transport = new();
    private readonly Argument<string?> _server = new("SERVER") { Description = ServerText.Description, Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<int?> _packets = new("--packets", "-n") { Description = "Packets to send (100).", HelpName = "N" };
    private readonly Option<int?> _size = new("--size") { Description = "Bytes of payload in a packet (172).", HelpName = "B" };
    private readonly Option<int?> _rate = new("--rate") { Description = "Packets a second (50).", HelpName = "R" };
    private readonly Option<IPEndPoint?> _peer = new("--peer") { Description = "Send to this address, which sends back what it gets.", HelpName = "A:P" };
    private readonly Option<bool> _tcpRelay = new("--tcp-relay") { Description = "Relay TCP connections (RFC 6062); over TCP unless TLS is asked for." };
    private readonly Option<bool> _channel = new("--channel") { Description = "Bind channels before the first packet; else when they pay." };
    private readonly Option<bool> _send = new("--send") { Description = "Use Send indications alone." };
    private readonly Option<bool> _own = new("--i-own-this-target") { Description = "Allow more than 1000 packets a second to a public address." };

    private TurnCommand(CommandContext context)
    {
        _context = context;
        _server.Validators.Add(CommonOptions.RefuseOptions);
        _packets.CustomParser = WholeNumber.Between(1, 1_000_000);
        _size.CustomParser = WholeNumber.Between(LeastSize, MostSize);
        _rate.CustomParser = WholeNumber.Between(1, 1_000_000);
        _peer.CustomParser = EndPointText.ParseEndPoint;
    }

    public static Command Create(CommandContext context) => new TurnCommand(context).ToCommand();

    private NotedCommand ToCommand()
    {
        var command = new NotedCommand("turn", Description, Notes)
        {
            _server, _packets, _size, _rate, _peer, _tcpRelay, _channel, _send, _own,
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
        TurnRequest request = Read(parsed);
        return (int)await new RelayTest(_context, request, (near, packets) => Show(request, near, packets))
            .RunAsync(cancellationToken)
            .ConfigureAwait(false);
    }

    private void Show(TurnRequest request, TurnAllocation near, RelayPackets packets)
    {
        if (request.IsJson)
        {
            _context.Terminal.WriteJson("turn", json => RelayOutput.Write(json, request, near, packets));
        }
        else
        {
            RelayOutput.Write(_context.Terminal, request, near, packets);
        }
    }

    private TurnRequest Read(ParseResult parsed)
    {
        StunServerReference server = ServerText.Read(parsed.GetValue(_server), _context.Environment);
        bool tcpRelay = parsed.GetValue(_tcpRelay);
        bool channel = parsed.GetValue(_channel);
        bool send = parsed.GetValue(_send);
        if (channel && send)
        {
            throw CommandException.Usage("--channel and --send exclude each other.", "Leave both away for channels when they pay.");
        }

        if (tcpRelay && (channel || send))
        {
            throw CommandException.Usage("--tcp-relay has streams, and neither channels nor indications.", "Leave --channel and --send away.");
        }

        StunTransport transport = _transport.Read(parsed, server) ?? server.Transport ?? (tcpRelay ? StunTransport.Tcp : StunTransport.Udp);
        if (tcpRelay && transport == StunTransport.Udp)
        {
            throw CommandException.Usage("--tcp-relay needs TCP or TLS to the server (RFC 6062 section 4.1).", "Use --transport tcp or tls.");
        }

        TimeSpan timeout = parsed.GetValue(_common.Timeout) ?? DefaultTimeout;

        // What the schedule notices in time has better words than the alarm clock has.
        TimeSpan limit = timeout - (timeout > TimeSpan.FromSeconds(2) ? TimeSpan.FromMilliseconds(100) : timeout / 20);
        return new TurnRequest
        {
            Server = server,
            Timeout = timeout,
            Packets = parsed.GetValue(_packets) ?? 100,
            Size = parsed.GetValue(_size) ?? 172,
            Rate = parsed.GetValue(_rate) ?? 50,
            OwnsTarget = parsed.GetValue(_own),
            Peer = parsed.GetValue(_peer),
            IsTcpRelay = tcpRelay,
            Channels = channel ? true : send ? false : null,
            IsJson = parsed.GetValue(_common.Json),
            Credential = _credentials.ReadCredential(parsed, _context),
            Client = new TurnClientOptions
            {
                Transport = transport,
                Family = _family.Read(parsed, local: null),
                Schedule = new RetransmissionSchedule { Limit = limit },
                ConnectTimeout = limit,
                Tls = _transport.ReadTls(parsed),
                Trace = parsed.GetValue(_common.Verbose) ? new MessageTrace(_context.Terminal).Show : null,
                TimeProvider = _context.Environment.TimeProvider,
            },
        };
    }
}
