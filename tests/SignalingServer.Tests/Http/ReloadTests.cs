using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.TestKit;
using Stack.Turn;
using Xunit;

namespace Stack.Signaling.Server.Tests;

public sealed class ReloadTests
{
    private static readonly byte[] Secret = "0123456789abcdef-canary"u8.ToArray();

    [Fact]
    public async Task Servers_WithASecret_AreToldWithCredentialsThatItProves()
    {
        ManualTimeProvider time = new();
        await using RunningServer server = await RunningServer.StartAsync(options => options with
        {
            RelayUris = [StunUri.Parse("stun:192.0.2.1:3478"), StunUri.Parse("turn:192.0.2.1:3478?transport=udp")],
            RelaySecret = Secret,
            TimeProvider = time,
        });
        (RawWebSocket socket, JsonElement joined) = await RawWebSocket.JoinAsync(server.EndPoint, "relay");
        await using RawWebSocket client = socket;
        JsonElement[] servers = [.. joined.GetProperty("servers").EnumerateArray()];
        Assert.Equal("stun:192.0.2.1:3478", servers[0].GetProperty("urls")[0].GetString());
        Assert.Equal("turn:192.0.2.1:3478?transport=udp", servers[1].GetProperty("urls")[0].GetString());
        string username = servers[1].GetProperty("username").GetString()!;
        Assert.StartsWith("3600:1-", username, StringComparison.Ordinal);
        Assert.Equal(3_600_000, joined.GetProperty("credentialsExpireMs").GetInt64());
        string user = username[(username.IndexOf(':', StringComparison.Ordinal) + 1)..];
        var expected = ExpiringCredential.Create(Secret, user, DateTimeOffset.FromUnixTimeSeconds(3600));
        Assert.Equal(expected.Password, servers[1].GetProperty("credential").GetString());
        Assert.DoesNotContain("relay", username, StringComparison.Ordinal);
    }

    // The TURN server's quotas count by user: the first peer of one session is not the first peer of another.
    [Fact]
    public async Task Credentials_OfPeersWithTheSameNumber_AreOfDifferentUsers()
    {
        await using RunningServer server = await RunningServer.StartAsync(
            static options => options with { RelayUris = [StunUri.Parse("turn:192.0.2.1")], RelaySecret = Secret });
        List<string> users = [];
        foreach (string session in new[] { "one", "two" })
        {
            (RawWebSocket socket, JsonElement joined) = await RawWebSocket.JoinAsync(server.EndPoint, session);
            await using RawWebSocket client = socket;
            users.Add(joined.GetProperty("servers")[0].GetProperty("username").GetString()!.Split(':')[1]);
        }

        Assert.NotEqual(users[0], users[1]);
    }

    [Fact]
    public async Task Start_WithATurnServerAndNoSecret_SaysWhatIsMissing()
    {
        ArgumentException error = await Assert.ThrowsAsync<ArgumentException>(
            static () => SignalingServerHost.StartAsync(RunningServer.Options with { RelayUris = [StunUri.Parse("turn:192.0.2.1")] }));
        Assert.Contains("secret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_OnAPortInUse_IsASocketException()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        SocketException error = await Assert.ThrowsAsync<SocketException>(
            () => SignalingServerHost.StartAsync(RunningServer.Options with { Listen = server.Host.EndPoints }));
        Assert.Equal(SocketError.AddressAlreadyInUse, error.SocketErrorCode);
    }

    [Fact]
    public async Task Reload_OfOriginsAndServers_CountsForWhoComesNext()
    {
        await using RunningServer server = await RunningServer.StartAsync(static options => options with { RelayUris = [StunUri.Parse("stun:192.0.2.1")] });
        SignalingServerOptions next = RunningServer.Options with { RelayUris = [StunUri.Parse("stun:192.0.2.2")], AllowedOrigins = ["https://good.example"] };
        server.Host.Reload(next);
        await using RawWebSocket page = await RawWebSocket.AskAsync(server.EndPoint, "/session", null, "Origin: https://good.example");
        Assert.Equal(101, page.Status);
        await page.SendJsonAsync(new { join = new { session = "reload" } });
        JsonElement joined = await page.ReceiveJsonAsync("joined");
        Assert.Equal("stun:192.0.2.2", joined.GetProperty("servers")[0].GetProperty("urls")[0].GetString());
        Assert.Throws<ArgumentException>(() => server.Host.Reload(next with { AllowedOrigins = ["good.example"] }));
        Assert.Throws<ArgumentException>(() => server.Host.Reload(next with { Limits = SignalingLimits.Default }));
    }

    [Fact]
    public async Task Tls_WithACertificate_IsSpokenAndReloaded()
    {
        using TestCertificates authority = new();
        X509Certificate2 first = authority.Issue(LeafCertificate.Valid);
        X509Certificate2 second = authority.Issue(LeafCertificate.Valid);
        SignalingServerOptions options = RunningServer.Options with
        {
            Listen = [new SignalingListenEndPoint(true, new IPEndPoint(IPAddress.Loopback, 0))],
            Certificate = first,
        };
        await using SignalingServerHost host = await SignalingServerHost.StartAsync(options);
        Assert.True(host.EndPoints[0].UsesTls);
        Assert.Equal(first.Thumbprint, await GetThumbprintAsync(host.EndPoints[0].EndPoint, authority));
        host.Reload(options with { Certificate = second });
        Assert.Equal(second.Thumbprint, await GetThumbprintAsync(host.EndPoints[0].EndPoint, authority));
    }

    private static async Task<string> GetThumbprintAsync(IPEndPoint server, TestCertificates authority)
    {
        using TcpClient tcp = new();
        await tcp.ConnectAsync(server, Patience.Token());
        await using SslStream tls = new(tcp.GetStream());
        X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(authority.Authority);
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                CertificateChainPolicy = policy,
                ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
            },
            Patience.Token());
        Assert.Equal(SslApplicationProtocol.Http11, tls.NegotiatedApplicationProtocol);
        await tls.WriteAsync(Encoding.ASCII.GetBytes("GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"), Patience.Token());
        byte[] answer = new byte[4096];
        int length = await tls.ReadAtLeastAsync(answer, 15, cancellationToken: Patience.Token());
        Assert.StartsWith("HTTP/1.1 200 OK", Encoding.ASCII.GetString(answer, 0, length), StringComparison.Ordinal);
        return tls.RemoteCertificate!.GetCertHashString();
    }
}
