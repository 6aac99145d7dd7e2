using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.TestKit;
using Stack.Transport;
using Xunit;

namespace Stack.Interop.Tests;

/// <summary>What an operator does to a running <c>stackcli serve</c>: SIGHUP, a new certificate, SIGTERM.</summary>
public sealed class ServeReloadTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    // A changed user file: the old allocation keeps relaying, the new user gets in, the old one is let in no more; a broken file changes nothing.
    [RequiresFact(Requirement.None)]
    public async Task Hangup_ChangedUsers_AreServedAndLiveAllocationsStay()
    {
        using TemporaryFolder folder = new();
        string users = WriteSecret(folder, "users", "old:p\n");
        string config = folder.Write(
            "serve.json",
            """
            {
              "listen": ["udp://127.0.0.1:0"],
              "realm": "example.org",
              "users-file": "users",
              "allow-peer": ["127.0.0.0/8"]
            }
            """);
        await using LabProcess server = await StackCliRun.ServeAsync(LabHost.Local, "--config", config);
        IPEndPoint endPoint = StackCliRun.Listening(server, "udp");

        await using TurnAllocation relay = await AllocateAsync(endPoint, "old", "p");
        using Socket peer = Bind();
        await relay.PermitAsync((IPEndPoint)peer.LocalEndPoint!);
        await AssertRelaysAsync(relay, peer);

        WriteSecret(folder, "users", "new:q\n");
        await HangUpAsync(server, "Reloaded.");
        await AssertRelaysAsync(relay, peer);
        await using (TurnAllocation other = await AllocateAsync(endPoint, "new", "q"))
        {
            Assert.Equal(IPAddress.Loopback, other.Relayed.Address);
        }

        TurnException refused = await Assert.ThrowsAsync<TurnException>(() => AllocateAsync(endPoint, "old", "p"));
        Assert.Equal(StunErrorCode.Unauthenticated, refused.ErrorCode);
        await server.WaitForLineAsync("users added: new", Patience);

        File.WriteAllText(users, "a line without a colon\n");
        await HangUpAsync(server, "Reload refused");
        Assert.Contains(server.ErrorLines, line => line.Contains("users:1", StringComparison.Ordinal));
        await AssertRelaysAsync(relay, peer);
        await using TurnAllocation still = await AllocateAsync(endPoint, "new", "q");
    }

    [RequiresFact(Requirement.None)]
    public async Task Hangup_BrokenConfiguration_ChangesNothingAndSaysWhere()
    {
        using TemporaryFolder folder = new();
        string config = folder.Write("serve.json", "{\n  \"listen\": [\"udp://127.0.0.1:0\"]\n}\n");
        await using LabProcess server = await StackCliRun.ServeAsync(LabHost.Local, "--config", config);
        folder.Write("serve.json", "{\n  \"listen\": [\"udp://127.0.0.1:0\"],\n  \"lisen\": 1\n}\n");
        await HangUpAsync(server, "Reload refused");
        Assert.Contains(server.ErrorLines, line => line.Contains("serve.json:3", StringComparison.Ordinal) && line.Contains("lisen", StringComparison.Ordinal));
        ProcessResult stun = await StackCliRun.RunAsync(LabHost.Local, "stun", StackCliRun.Listening(server, "udp").ToString(), "-q");
        Assert.Equal(0, stun.ExitCode);
    }

    [RequiresFact(Requirement.None)]
    public async Task CertificateFiles_Replaced_CountForTheNextConnection()
    {
        using TemporaryFolder folder = new();
        using TestCertificates first = new(IPAddress.Loopback);
        using TestCertificates second = new(IPAddress.Loopback);
        Write(folder, first);
        await using LabProcess server = await StackCliRun.ServeAsync(
            LabHost.Local, "--listen", "tls://127.0.0.1:0", "--cert", folder.File("cert.pem"), "--key", folder.File("key.pem"));
        IPEndPoint endPoint = StackCliRun.Listening(server, "tls");
        string before = await IssuerKeyAsync(endPoint);

        string expected = Write(folder, second);
        await server.WaitForLineAsync("another certificate in the same file", Patience);
        string after = await IssuerKeyAsync(endPoint);
        Assert.NotEqual(before, after);
        Assert.Equal(expected, after);
    }

    [RequiresFact(Requirement.None)]
    public async Task Terminate_WithLiveAllocation_DrainsAndEndsWith0()
    {
        await using TurnServerProcess server = await TurnServerProcess.StartAsync("--drain-seconds", "1");
        await using TurnAllocation relay = await AllocateAsync(server.EndPoint("udp"), "u", "p");
        ProcessResult ended = await server.TerminateAsync();
        Assert.Equal(0, ended.ExitCode);
        Assert.Contains(ended.ErrorLines, line => line.Contains("Draining", StringComparison.Ordinal) && line.Contains("allocations=1", StringComparison.Ordinal));
        Assert.Contains(ended.ErrorLines, line => line.Contains("Allocation ended.", StringComparison.Ordinal) && line.Contains("reason=Stopped", StringComparison.Ordinal));
    }

    private static Task<TurnAllocation> AllocateAsync(IPEndPoint server, string user, string password)
        => new TurnClient(server.ToString(), new LongTermCredential(user, password)).AllocateAsync();

    private static Socket Bind()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private static async Task AssertRelaysAsync(TurnAllocation relay, Socket peer)
    {
        using CancellationTokenSource patience = new(Patience);
        byte[] buffer = new byte[64];
        await relay.SendAsync("to the peer"u8.ToArray(), (IPEndPoint)peer.LocalEndPoint!, patience.Token);
        SocketReceiveFromResult received = await peer.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), patience.Token);
        Assert.Equal(relay.Relayed, received.RemoteEndPoint);
        await peer.SendToAsync("to the client"u8.ToArray(), received.RemoteEndPoint, patience.Token);
        TurnDatagram answer = await relay.ReceiveAsync(buffer, patience.Token);
        Assert.Equal("to the client"u8, buffer.AsSpan(0, answer.Length));
    }

    private static async Task HangUpAsync(LabProcess server, string expected)
    {
        int seen = server.ErrorLines.Count(line => line.Contains(expected, StringComparison.Ordinal));
        await LabHost.Local.RunAsync(Patience, "kill", "-HUP", server.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
        int now = 0;
        await server.WaitForLineAsync(
            line =>
            {
                // The lines are gone through from the first one each time.
                now = ReferenceEquals(line, server.OutputLines[0]) ? 0 : now;
                return line.Contains(expected, StringComparison.Ordinal) && ++now > seen;
            },
            $"'{expected}' once more",
            Patience);
    }

    // The certificate that a client is shown, by its key: names are the same on both.
    private static async Task<string> IssuerKeyAsync(IPEndPoint server)
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server);
        await using NetworkStream stream = new(socket);
        string shown = "";
        await using SslStream tls = new(
            stream,
            leaveInnerStreamOpen: false,
            (_, certificate, _, _) =>
            {
                shown = certificate!.GetPublicKeyString();
                return shown.Length != 0;
            });
        await tls.AuthenticateAsClientAsync("127.0.0.1");
        return shown;
    }

    private static string Write(TemporaryFolder folder, TestCertificates certificates)
    {
        X509Certificate2 leaf = certificates.Issue(LeafCertificate.Valid);
        WriteSecret(folder, "key.pem", TestCertificates.KeyPem(leaf));
        folder.Write("cert.pem", leaf.ExportCertificatePem());
        return leaf.GetPublicKeyString();
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
