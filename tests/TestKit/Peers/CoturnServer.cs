using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Threading.Tasks;

namespace Stack.TestKit;

/// <summary>A running coturn <c>turnserver</c>, answering when <see cref="StartAsync"/> returns. Needs
/// <see cref="Requirement.Coturn"/>.</summary>
/// <remarks>
/// What 4.6.1 does without RFC 5780 (one address): a Binding response carries RESPONSE-ORIGIN but no OTHER-ADDRESS; a request with
/// CHANGE-REQUEST gets 420 without UNKNOWN-ATTRIBUTES; a classic request gets CHANGED-ADDRESS equal to SOURCE-ADDRESS, which promises an
/// alternate that does not exist. When a port is taken it tries again for minutes; when another coturn has it, both share it.
/// </remarks>
public sealed class CoturnServer : IAsyncDisposable
{
    private const int Attempts = 8;
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder;
    private readonly LabProcess _process;

    private CoturnServer(TemporaryFolder folder, LabProcess process, CoturnOptions options, int port, int tlsPort)
    {
        _folder = folder;
        _process = process;
        Options = options;
        Addresses = ListenAddresses(options);
        Port = port;
        TlsPort = tlsPort;
    }

    /// <summary>How it was configured.</summary>
    public CoturnOptions Options { get; }

    /// <summary>The addresses it listens on, the primary one first.</summary>
    public IReadOnlyList<IPAddress> Addresses { get; }

    /// <summary>The primary address and plain port, UDP and TCP.</summary>
    public IPEndPoint EndPoint => new(Addresses[0], Port);

    /// <summary>The plain port, UDP and TCP. The alternate port is the next one.</summary>
    public int Port { get; }

    /// <summary>The TLS and DTLS port; 0 without TLS.</summary>
    public int TlsPort { get; }

    /// <summary>A PEM file with the authority that issued the server's certificate; present with TLS only.</summary>
    public string AuthorityFile => _folder.File("authority.pem");

    /// <summary>What the server has logged so far.</summary>
    public IReadOnlyList<string> Log => _process.OutputLines;

    /// <summary>Starts a server and waits until its ports are bound.</summary>
    /// <exception cref="InvalidOperationException">It did not come up; the message holds its log.</exception>
    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "Handed to the caller.")]
    public static async Task<CoturnServer> StartAsync(CoturnOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        for (int attempt = 1; ; attempt++)
        {
            bool free = options.Port == 0 && options.Host.Namespace is null;
            // Plain, alternate, TLS and alternate TLS ports stand side by side.
            int port = options.Port != 0 ? options.Port : free ? LoopbackPorts.Take(ListenAddresses(options), 4) : 3478;
            TemporaryFolder folder = new();
            LabProcess process = options.Host.Start("turnserver", "-c", Configure(folder, options, port));
            CoturnServer server = new(folder, process, options, port, options.Tls ? TlsPortFor(port) : 0);
            try
            {
                await server.WaitUntilBoundAsync();
                return server;
            }
            catch (InvalidOperationException) when (free && attempt < Attempts)
            {
                // Someone took the port between the look and the start.
                await server.DisposeAsync();
            }
            catch
            {
                await server.DisposeAsync();
                throw;
            }
        }
    }

    /// <summary>Kills the server and deletes its folder.</summary>
    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }

    private static List<IPAddress> ListenAddresses(CoturnOptions options) =>
        options.Host.Addresses4.Take(options.BehaviorDiscovery ? 2 : 1).ToList();

    private static int TlsPortFor(int port) => port + 2;

    private static string Configure(TemporaryFolder folder, CoturnOptions options, int port)
    {
        List<string> lines =
        [
            string.Create(CultureInfo.InvariantCulture, $"listening-port={port}"),
            .. ListenAddresses(options).Select(address => $"listening-ip={address}"),
            "no-cli",
            "log-file=stdout",
            "simple-log",
            "verbose",
            $"pidfile={folder.File("pid")}",
            $"userdb={folder.File("turndb")}",
        ];
        if (!options.BehaviorDiscovery)
        {
            lines.Add("no-rfc5780");
        }

        if (options.Tls)
        {
            using TestCertificates certificates = new(ListenAddresses(options));
            folder.Write("authority.pem", certificates.AuthorityPem);
            var leaf = certificates.Issue(options.Certificate);
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"tls-listening-port={TlsPortFor(port)}"));
            lines.Add($"cert={folder.Write("cert.pem", leaf.ExportCertificatePem())}");
            lines.Add($"pkey={folder.Write("key.pem", TestCertificates.KeyPem(leaf))}");
        }
        else
        {
            lines.AddRange(["no-tls", "no-dtls"]);
        }

        return folder.Write("turnserver.conf", string.Join('\n', lines.Concat(options.Lines)) + "\n");
    }

    // Datagrams wait in a bound socket, so a bound port is a port that answers. Its threads bind and tell so each for itself: no line is the last one.
    private async Task WaitUntilBoundAsync()
    {
        IEnumerable<(string Transport, IPAddress Address, int Port)> listeners = Addresses
            .SelectMany(address => new[] { ("UDP", address, Port), ("TCP", address, Port) })
            .Concat(Options.BehaviorDiscovery ? Addresses.Select(address => ("UDP", address, Port + 1)) : [])
            .Concat(Options.Tls ? Addresses.Select(address => ("TCP", address, TlsPort)) : []);
        foreach ((string Transport, IPAddress Address, int Port) listener in listeners)
        {
            string line = await _process.WaitForLineAsync(line => IsOpened(line, listener) || IsTaken(line), $"listener {listener}", StartTimeout);
            if (IsTaken(line))
            {
                throw new InvalidOperationException($"coturn did not bind {listener}.\n{string.Join('\n', Log)}");
            }
        }
    }

    private static bool IsTaken(string line) => line.Contains("errno=98", StringComparison.Ordinal);

    // "TLS/TCP listener opened on : 127.0.0.1:5349", with the TLS part and the space before the colon as it pleases.
    private static bool IsOpened(string line, (string Transport, IPAddress Address, int Port) wanted) =>
        line.Contains($"{wanted.Transport} listener opened on", StringComparison.Ordinal)
        && line.EndsWith(string.Create(CultureInfo.InvariantCulture, $": {wanted.Address}:{wanted.Port}"), StringComparison.Ordinal);
}
