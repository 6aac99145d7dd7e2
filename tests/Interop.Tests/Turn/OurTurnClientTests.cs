using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Text.Json;
using System.Threading.Tasks;
using Stack.TestKit;
using Xunit;

namespace Stack.Interop.Tests;

/// <summary><c>stackcli turn</c> through coturn, through a server on pion/turn, and through ours.</summary>
public sealed class OurTurnClientTests(PionPrograms programs) : IClassFixture<PionPrograms>
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private static readonly CoturnOptions Coturn = new()
    {
        Tls = true,
        Lines = ["lt-cred-mech", "user=u:p", "realm=example.org", "allow-loopback-peers", "relay-ip=127.0.0.1"],
    };

    [RequiresTheory(Requirement.Coturn)]
    [InlineData("udp")]
    [InlineData("tcp")]
    [InlineData("tls")]
    public async Task Turn_Coturn_LosesNothing(string transport)
    {
        await using CoturnServer server = await CoturnServer.StartAsync(Coturn);
        int port = transport == "tls" ? server.TlsPort : server.Port;
        await AssertSucceedsAsync(transport, $"127.0.0.1:{port}", server.AuthorityFile, "p");
    }

    [RequiresTheory(Requirement.PionTurn)]
    [InlineData("udp")]
    [InlineData("tcp")]
    [InlineData("tls")]
    public async Task Turn_PionServer_LosesNothing(string transport)
    {
        using TemporaryFolder folder = new();
        using TestCertificates certificates = new(IPAddress.Loopback);
        var leaf = certificates.Issue(LeafCertificate.Valid);
        string authority = folder.Write("authority.pem", certificates.AuthorityPem);
        await using LabProcess server = LabHost.Local.Start(
            await programs.TurnServerAsync(),
            folder.Write("cert.pem", leaf.ExportCertificatePem()),
            folder.Write("key.pem", TestCertificates.KeyPem(leaf)));
        await server.WaitForLineAsync("ready", Timeout);
        string endPoint = server.OutputLines.First(line => line.StartsWith($"listening {transport} ", StringComparison.Ordinal)).Split(' ')[2];
        await AssertSucceedsAsync(transport, endPoint, authority, "p");
    }

    [RequiresTheory(Requirement.None)]
    [InlineData("udp", "--channel")]
    [InlineData("udp", "--send")]
    [InlineData("tcp", "--channel")]
    [InlineData("tls", "--send")]
    [InlineData("tcp", "--tcp-relay")]
    [InlineData("tls", "--tcp-relay")]
    public async Task Turn_OurServer_LosesNothing(string transport, string mode)
    {
        await using TurnServerProcess server = await TurnServerProcess.StartAsync();
        await AssertSucceedsAsync(transport, server.EndPoint(transport).ToString(), server.AuthorityFile, "p", mode);
    }

    [RequiresTheory(Requirement.Coturn)]
    [InlineData("udp")]
    [InlineData("tcp")]
    public async Task Turn_WrongPassword_ExitsWith5(string transport)
    {
        await using CoturnServer server = await CoturnServer.StartAsync(Coturn);
        ProcessResult run = await RunAsync(transport, $"127.0.0.1:{server.Port}", server.AuthorityFile, "WRONG");
        Assert.True(run.ExitCode == 5, run.ToString());
        Assert.Equal("auth", StackCliRun.Json(run).GetProperty("error").GetProperty("code").GetString());
    }

    private static async Task AssertSucceedsAsync(string transport, string server, string authority, string password, params IEnumerable<string> more)
    {
        ProcessResult run = await RunAsync(transport, server, authority, password, more);
        Assert.True(run.ExitCode == 0, run.ToString());
        JsonElement json = StackCliRun.Json(run);
        Assert.Equal(0, json.GetProperty("lostPercent").GetDouble());
        Assert.Equal(20, json.GetProperty("sent").GetInt32());
        Assert.Equal(20, json.GetProperty("received").GetInt32());
    }

    private static Task<ProcessResult> RunAsync(string transport, string server, string authority, string password, params IEnumerable<string> more)
        => StackCliRun.RunAsync(
            LabHost.Local,
            [
                "turn", server, "--transport", transport, "--user", "u", "--password", password, "--packets", "20", "--json",
                .. transport == "tls" ? ["--ca", authority] : Array.Empty<string>(),
                .. more,
            ]);
}
