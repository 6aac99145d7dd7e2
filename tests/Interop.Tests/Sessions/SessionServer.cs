using System;
using System.Globalization;
using System.IO;
using System.Net;
using System.Threading.Tasks;
using Stack.TestKit;

namespace Stack.Interop.Tests;

/// <summary><c>stackcli serve</c> with sessions: one process for signaling and, in a lab, for STUN and TURN.</summary>
internal sealed class SessionServer : IAsyncDisposable
{
    private const int SignalPort = 8080;

    // Programs that are just starting, several of them on two processors, take long to their first words.
    private static readonly string[] Patience = ["--signal-limit", "first-message-timeout=86400"];

    private readonly TemporaryFolder? _folder;

    private SessionServer(LabProcess process, TemporaryFolder? folder)
    {
        Process = process;
        _folder = folder;
        EndPoint = StackCliRun.Listening(process, "http");
    }

    public LabProcess Process { get; }

    /// <summary>Where sessions are.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>The same as it stands on a command line.</summary>
    public string Url => $"http://{EndPoint}";

    /// <summary>A word that no other test has.</summary>
    public static string NewWord() => $"lab-{Guid.NewGuid():N}";

    /// <summary>On the public host of a lab that was made without coturn, with credentials by the secret that both halves know.</summary>
    public static async Task<SessionServer> StartAsync(IceLab lab, params string[] more)
    {
        TemporaryFolder folder = new();
        try
        {
            string secret = folder.Write("secret", Guid.NewGuid().ToString("N"));
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(secret, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            string address = lab.Network.Server.Address.ToString();
            string turn = string.Create(CultureInfo.InvariantCulture, $"{address}:{IceLab.Port}");
            LabProcess process = await StackCliRun.ServeAsync(
                lab.Network.Server,
                [
                    "--listen", $"udp://{turn}", "--listen", $"tcp://{turn}", "--relay-address", address, "--realm", "example.org",
                    "--auth-secret-file", secret,
                    "--allow-peer", "203.0.113.0/24", "--allow-peer", "198.51.100.0/24",
                    "--signal", string.Create(CultureInfo.InvariantCulture, $"http://{address}:{SignalPort}"),
                    .. Patience,
                    .. more,
                ]);
            return new SessionServer(process, folder);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>On this machine's loopback, for sessions alone.</summary>
    public static async Task<SessionServer> StartLocalAsync(params string[] more)
        => new(await StackCliRun.ServeAsync(LabHost.Local, ["--signal", "http://127.0.0.1:0", .. Patience, .. more]), null);

    /// <summary>The path of a dialect as a WebSocket.</summary>
    public string Socket(string path) => $"ws://{EndPoint}{path}";

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        _folder?.Dispose();
    }
}
