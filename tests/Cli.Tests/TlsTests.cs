using System;
using System.IO;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.TestKit;
using Stack.Transport;
using Xunit;

namespace Stack.Cli.Tests;

public sealed class TlsTests : IDisposable
{
    private readonly TestCertificates _certificates = new();
    private readonly string _ca = Path.GetTempFileName();

    public TlsTests() => File.WriteAllText(_ca, _certificates.AuthorityPem);

    public void Dispose()
    {
        _certificates.Dispose();
        File.Delete(_ca);
    }

    [Fact]
    public async Task Tls_CertificateOfTheGivenRoot_IsAccepted()
    {
        await using StunServer server = await StartAsync(LeafCertificate.Valid);
        CliRun run = await RunAsync(server, "--ca", _ca);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal("tls", run.Object.GetProperty("transport").GetString());
    }

    [Theory]
    [InlineData(LeafCertificate.WrongName)]
    [InlineData(LeafCertificate.Expired)]
    public async Task Tls_WrongOrExpiredCertificate_Exits4(LeafCertificate leaf)
    {
        await using StunServer server = await StartAsync(leaf);
        CliRun run = await RunAsync(server, "--ca", _ca);
        Assert.Equal(4, run.ExitCode);
        JsonShape.IsFailure(run.Object, "stun", "network");
        Assert.Equal("tls-failed", run.Object.GetProperty("error").GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Tls_UnknownRoot_Exits4UnlessInsecure()
    {
        await using StunServer server = await StartAsync(LeafCertificate.Valid);
        CliRun run = await RunAsync(server);
        Assert.Equal(4, run.ExitCode);
        Assert.Contains("--ca", run.Object.GetProperty("error").GetProperty("hint").GetString());
        Assert.Equal(0, (await RunAsync(server, "--insecure")).ExitCode);
    }

    [Fact]
    public async Task Tls_OnAPlainPort_Exits4AndNamesTheLikelyCause()
    {
        await using StunServer server = await LoopbackServer.StartAsync();
        CliRun run = await CliRun.AnsweredAsync("stun", LoopbackServer.GetAddress(server, "tcp"), "--transport", "tls", "--json");
        Assert.Equal(4, run.ExitCode);
        Assert.Contains("speak TLS on this port", run.Object.GetProperty("error").GetProperty("hint").GetString());
    }

    private static Task<CliRun> RunAsync(StunServer server, params string[] options)
        => CliRun.AnsweredAsync(["stun", $"stuns:{server.EndPoints[0].EndPoint}", "--json", .. options]);

    private Task<StunServer> StartAsync(LeafCertificate leaf)
    {
        X509Certificate2 certificate = _certificates.Issue(leaf);
        return StunServer.StartAsync(new StunServerOptions
        {
            Listen = [new StunListenEndPoint(StunTransport.Tls, new IPEndPoint(IPAddress.Loopback, 0))],
            Certificate = certificate,
        });
    }
}
