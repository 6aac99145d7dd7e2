using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;
using Stack.TestKit;
using Xunit;

namespace Stack.Interop.Tests;

/// <summary>The coturn fixture answers where it says, and its certificates are good or bad as asked.</summary>
public sealed class CoturnServerTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    /// <summary>All of it is waited for: the program never ends where one of its requests is not answered.</summary>
    private static readonly TimeSpan TurnutilsPatience = TimeSpan.FromSeconds(6);

    [RequiresTheory(Requirement.Coturn | Requirement.CoturnUtils)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CoturnServer_OnLoopback_DoesRfc5780OnlyWhenAsked(bool behaviorDiscovery)
    {
        await using CoturnServer server = await CoturnServer.StartAsync(new CoturnOptions { BehaviorDiscovery = behaviorDiscovery });

        NatDiscoveryLines lines = await TurnutilsNatDiscovery.RunAsync(LabHost.Local, server.EndPoint);

        Assert.NotEmpty(lines.Reflexive);
        Assert.All(lines.Reflexive, seen => Assert.Equal(IPAddress.Loopback, seen.Address));
        Assert.Equal(behaviorDiscovery, lines.Filtering is not null);
    }

    [RequiresFact(Requirement.Coturn | Requirement.OpenSsl)]
    public async Task CoturnServer_Tls_IsTrustedByOpenSslWithItsAuthority()
    {
        await using CoturnServer server = await CoturnServer.StartAsync(new CoturnOptions { Tls = true });
        await using LabProcess client = LabHost.Local.Start(
            "openssl", "s_client", "-connect", Invariant($"127.0.0.1:{server.TlsPort}"), "-CAfile", server.AuthorityFile,
            "-verify_return_error", "-verify_ip", "127.0.0.1");

        Assert.Contains("(ok)", await client.WaitForLineAsync("Verify return code", Timeout), StringComparison.Ordinal);
    }

    [RequiresTheory(Requirement.Coturn)]
    [InlineData(LeafCertificate.Valid, SslPolicyErrors.None)]
    [InlineData(LeafCertificate.Expired, SslPolicyErrors.RemoteCertificateChainErrors)]
    [InlineData(LeafCertificate.WrongName, SslPolicyErrors.RemoteCertificateNameMismatch)]
    public async Task CoturnServer_Certificate_HasTheFaultAskedFor(LeafCertificate leaf, SslPolicyErrors expected)
    {
        await using CoturnServer server = await CoturnServer.StartAsync(new CoturnOptions { Tls = true, Certificate = leaf });
        using X509Certificate2 authority = X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(server.AuthorityFile));
        using TcpClient connection = new();
        await connection.ConnectAsync(IPAddress.Loopback, server.TlsPort);
        await using SslStream stream = new(connection.GetStream());
        SslPolicyErrors? seen = null;
        X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(authority);
        SslClientAuthenticationOptions options = new()
        {
            TargetHost = "localhost",
            CertificateChainPolicy = policy,
            RemoteCertificateValidationCallback = (_, _, _, errors) => (seen = errors) == SslPolicyErrors.None,
        };

        using CancellationTokenSource deadline = new(Timeout);
        Task handshake = stream.AuthenticateAsClientAsync(options, deadline.Token);
        if (expected == SslPolicyErrors.None)
        {
            await handshake;
        }
        else
        {
            await Assert.ThrowsAsync<AuthenticationException>(() => handshake);
        }

        Assert.Equal(expected, seen);
    }

    [RequiresFact(Requirement.Coturn)]
    public async Task CoturnServer_PortTaken_FailsAtOnce()
    {
        using Socket first = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        first.Bind(new IPEndPoint(IPAddress.Loopback, 0));

        InvalidOperationException refusal = await Assert.ThrowsAsync<InvalidOperationException>(
            () => CoturnServer.StartAsync(new CoturnOptions { Port = ((IPEndPoint)first.LocalEndPoint!).Port }));

        Assert.Contains("did not bind", refusal.Message, StringComparison.Ordinal);
    }

    [RequiresFact(Requirement.Coturn | Requirement.CoturnUtils | Requirement.NatLab)]
    public async Task CoturnServer_ManyAddressesInALab_AreSeparatePlainServers()
    {
        await using NatLab lab = await NatLab.CreateAsync(new NatLabOptions { First = NatKind.Symmetric, ServerAddresses = 3 });
        await using CoturnServer plain = await CoturnServer.StartAsync(
            new CoturnOptions
            {
                Host = lab.Server,
                Lines = [.. lab.Server.Addresses.Skip(1).Select(address => $"listening-ip={address}")],
            });

        NatDiscoveryLines[] answers = await Task.WhenAll(lab.Server.Addresses4.Select(address =>
            TurnutilsStunClient.RunAsync(lab.FirstClient, new IPEndPoint(address, plain.Port), TurnutilsPatience)));

        Assert.Equal(3, answers.Length);
        Assert.All(answers, answer => Assert.True(answer.Reflexive.Count > 0, answer.Raw.ToString()));
        NatDiscoveryLines six = await TurnutilsStunClient.RunAsync(
            lab.FirstClient, new IPEndPoint(lab.Server.Addresses6.First(), plain.Port), TurnutilsPatience);
        Assert.NotEmpty(six.Reflexive);
        Assert.All(six.Reflexive, seen => Assert.Equal(lab.FirstClient.Addresses6.First(), seen.Address));
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
