using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Threading.Tasks;
using Stack.TestKit;

namespace Stack.Interop.Tests;

/// <summary><c>stackcli serve</c> as a TURN server on loopback: UDP, TCP and TLS, both families, user u with password p, and a REST secret.</summary>
internal sealed class TurnServerProcess : IAsyncDisposable
{
    public const string Secret = "an interop secret of 32 bytes...";

    private readonly TemporaryFolder _folder;
    private readonly LabProcess _process;

    private TurnServerProcess(TemporaryFolder folder, LabProcess process)
    {
        _folder = folder;
        _process = process;
    }

    public string AuthorityFile => _folder.File("authority.pem");

    public IReadOnlyList<string> Errors => _process.ErrorLines;

    public static async Task<TurnServerProcess> StartAsync(params IEnumerable<string> more)
    {
        TemporaryFolder folder = new();
        try
        {
            using TestCertificates certificates = new(IPAddress.Loopback);
            var leaf = certificates.Issue(LeafCertificate.Valid);
            folder.Write("authority.pem", certificates.AuthorityPem);
            string cert = folder.Write("cert.pem", leaf.ExportCertificatePem());
            string key = WriteSecret(folder, "key.pem", TestCertificates.KeyPem(leaf));
            string secret = WriteSecret(folder, "secret", Secret);
            LabProcess process = await StackCliRun.ServeAsync(
                LabHost.Local,
                [
                    "--listen", "udp://127.0.0.1:0", "--listen", "tcp://127.0.0.1:0", "--listen", "tls://127.0.0.1:0",
                    "--relay-address", "127.0.0.1", "--relay-address", "::1",
                    "--realm", "example.org", "--user", "u:p", "--auth-secret-file", secret,
                    "--allow-peer", "127.0.0.0/8", "--allow-peer", "::1/128",
                    "--cert", cert, "--key", key,
                    .. more,
                ]);
            return new TurnServerProcess(folder, process);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    public IPEndPoint EndPoint(string transport) => StackCliRun.Listening(_process, transport);

    /// <summary>The memory of the process that is in use by the system's count.</summary>
    public long ReadResidentKilobytes()
    {
        string line = File.ReadLines($"/proc/{_process.Id}/status").First(static text => text.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.AsSpan("VmRSS:".Length, line.Length - "VmRSS:".Length - "kB".Length).Trim(), NumberStyles.None, CultureInfo.InvariantCulture);
    }

    /// <summary>Sends it a signal.</summary>
    public Task<ProcessResult> SignalAsync(string signal)
        => LabHost.Local.RunAsync(TimeSpan.FromSeconds(60), "kill", $"-{signal}", _process.Id.ToString(CultureInfo.InvariantCulture));

    /// <summary>Ends it as an operator does.</summary>
    public async Task<ProcessResult> TerminateAsync()
    {
        await SignalAsync("TERM");
        return await _process.WaitForExitAsync(TimeSpan.FromSeconds(120));
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }

    private static string WriteSecret(TemporaryFolder folder, string name, string content)
    {
        string path = folder.Write(name, content);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return path;
    }
}
