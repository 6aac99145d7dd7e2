using System;
using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.Transport;

namespace Stack.Cli;

/// <summary><c>stackcli serve</c>: a STUN server until a signal ends it.</summary>
internal sealed class ServeCommand
{
    private const int LongestSoftware = 127;
    private const string Description = "Serve STUN. Without --listen: udp and tcp on 127.0.0.1:3478 and [::1]:3478.";

    private const string Notes =
        "Prints a line for each listener, then 'ready'. Ctrl-C and SIGTERM end it with 0; counters go to standard error then.\n"
        + "Exit codes: 0 ended by a signal or --timeout, 2 usage, 3 an address or port cannot be used.";

    private static readonly string[] DefaultListen = ["udp://127.0.0.1:3478", "tcp://127.0.0.1:3478", "udp://[::1]:3478", "tcp://[::1]:3478"];

    private readonly CommandContext _context;
    private readonly CommonOptions _common = new("Seconds to serve; for ever without.");
    private readonly Option<StunListenEndPoint[]?> _listen = new("--listen")
    {
        Description = "udp://A:P, tcp://A:P or tls://A:P, more than once; port 0 picks one.",
        HelpName = "URI",
    };

    private readonly Option<IPEndPoint?> _alternate = new("--alternate")
    {
        Description = "Second address and port for NAT tests (RFC 5780); the first UDP listener then serves all four combinations.",
        HelpName = "A:P",
    };

    private readonly Option<bool> _classic = new("--classic") { Description = "Answer clients of RFC 3489 too." };
    private readonly Option<string?> _cert = new("--cert") { Description = "Certificate chain for tls://, PEM.", HelpName = "F" };
    private readonly Option<string?> _key = new("--key") { Description = "The certificate's private key, PEM; else in the file of --cert.", HelpName = "F" };
    private readonly Option<string?> _software = new("--software") { Description = "SOFTWARE of the answers; none by default.", HelpName = "S" };

    private ServeCommand(CommandContext context)
    {
        _context = context;
        _listen.CustomParser = ParseListen;
        _alternate.CustomParser = EndPointText.ParseEndPoint;
        _software.Validators.Add(CheckSoftware);
    }

    public static Command Create(CommandContext context) => new ServeCommand(context).ToCommand();

    private NotedCommand ToCommand()
    {
        var command = new NotedCommand("serve", Description, Notes) { _listen, _alternate, _classic, _cert, _key, _software };
        _common.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        bool json = parsed.GetValue(_common.Json);
        StunServerOptions options = Read(parsed);
        if (_context.Environment.IsPrivileged)
        {
            _context.Terminal.Progress("warning: running as root; ports above 1023 need no privileges, and nothing else here does.");
        }

        using var counters = new ServerCounters();
        StunServer server = await StartAsync(options).ConfigureAwait(false);
        await using (server.ConfigureAwait(false))
        {
            Announce(server, json);
            await WaitAsync(parsed.GetValue(_common.Timeout), cancellationToken).ConfigureAwait(false);
        }

        _context.Terminal.Progress($"served: {counters}");
        return (int)ExitCode.Success;
    }

    private StunServerOptions Read(ParseResult parsed)
    {
        List<StunListenEndPoint> listen = [.. parsed.GetValue(_listen) ?? []];
        if (listen.Count == 0)
        {
            listen = ReadDefaults();
        }

        (X509Certificate2? certificate, X509Certificate2Collection? chain) = ReadCertificate(parsed.GetValue(_cert), parsed.GetValue(_key));
        if (certificate is null && listen.Exists(one => one.Transport == StunTransport.Tls))
        {
            throw CommandException.Usage("tls:// needs a certificate.", "Give --cert FILE and --key FILE, in PEM.");
        }

        return new StunServerOptions
        {
            Listen = listen,
            Alternate = parsed.GetValue(_alternate),
            Classic = parsed.GetValue(_classic),
            Software = parsed.GetValue(_software),
            Certificate = certificate,
            CertificateChain = chain,
            Trace = parsed.GetValue(_common.Verbose) ? new MessageTrace(_context.Terminal).Show : null,
            TimeProvider = _context.Environment.TimeProvider,
        };
    }

    private List<StunListenEndPoint> ReadDefaults()
    {
        var listen = new List<StunListenEndPoint>();
        foreach (string text in DefaultListen)
        {
            if (StunListenEndPoint.TryParse(text, out StunListenEndPoint? one)
                && (one.EndPoint.AddressFamily == AddressFamily.InterNetwork || Socket.OSSupportsIPv6))
            {
                listen.Add(one);
            }
        }

        if (!Socket.OSSupportsIPv6)
        {
            _context.Terminal.Progress("note: this machine has no IPv6; listening on IPv4 alone.");
        }

        return listen;
    }

    private static (X509Certificate2? Certificate, X509Certificate2Collection? Chain) ReadCertificate(string? cert, string? key)
    {
        if (cert is null)
        {
            return key is null ? (null, null) : throw CommandException.Usage("There is --key, but no --cert.", "Give both.");
        }

        if (SecretFile.IsOpenToOthers(key ?? cert))
        {
            throw CommandException.Usage(
                $"The private key {SafeText.Of(key ?? cert)} can be read or changed by others.",
                "chmod 600 makes it yours alone.");
        }

        try
        {
            X509Certificate2 certificate = X509Certificate2.CreateFromPemFile(cert, key);
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(cert);
            return (certificate, chain);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw CommandException.Usage(
                $"The certificate or its key cannot be read from {SafeText.Of(cert)}{(key is null ? "" : " and " + SafeText.Of(key))}.",
                "Both are PEM files, the key without a password, and they belong together.");
        }
    }

    private static async Task<StunServer> StartAsync(StunServerOptions options)
    {
        try
        {
            return await StunServer.StartAsync(options).ConfigureAwait(false);
        }
        catch (ArgumentException error)
        {
            string message = error.Message.Split(" (Parameter", 2)[0];
            throw CommandException.Usage(message, "See: stackcli serve --help");
        }
        catch (SocketException error)
        {
            string where = string.Join(", ", options.Listen);
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
                $"Cannot listen: one of {where}{(options.Alternate is null ? "" : $" with alternate {options.Alternate}")} {message}.",
                hint,
                Kebab.From(error.SocketErrorCode.ToString())));
        }
    }

    private void Announce(StunServer server, bool json)
    {
        foreach (StunListenEndPoint listen in server.EndPoints)
        {
            string transport = BindingOutput.GetName(listen.Transport);
            if (json)
            {
                _context.Terminal.WriteJson("serve", writer =>
                {
                    writer.WriteString("event", "listening");
                    writer.WriteString("transport", transport);
                    writer.WriteEndPoint("address", listen.EndPoint);
                });
            }
            else
            {
                _context.Terminal.Line($"listening {transport} {listen.EndPoint}");
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

    private static StunListenEndPoint[]? ParseListen(ArgumentResult result)
    {
        var all = new List<StunListenEndPoint>();
        foreach (Token token in result.Tokens)
        {
            if (!StunListenEndPoint.TryParse(token.Value, out StunListenEndPoint? listen))
            {
                result.AddError($"'{token.Value}' is no place to listen: write udp://127.0.0.1:3478, tcp://[::1]:3478 or tls://0.0.0.0:5349.");
                return null;
            }

            all.Add(listen);
        }

        return [.. all];
    }

    private static void CheckSoftware(OptionResult result)
    {
        string? text = result.Tokens.Count == 1 ? result.Tokens[0].Value : null;
        if (text is not null && (text.Length == 0 || Encoding.UTF8.GetByteCount(text) > LongestSoftware))
        {
            result.AddError($"--software has 1 to {LongestSoftware} bytes.");
        }
    }
}
