using System;
using System.Globalization;
using System.IO;
using System.Net.Sockets;
using System.Text.Json;
using System.Threading.Tasks;
using Stack.TestKit;
using Xunit;

namespace Stack.Interop.Tests;

/// <summary><c>stackcli stun</c> against coturn.</summary>
public sealed class CoturnTests
{
    [RequiresTheory(Requirement.Coturn)]
    [InlineData("udp")]
    [InlineData("tcp")]
    [InlineData("tls")]
    public async Task Stun_OverEachTransport_PrintsTheMappedAddress(string transport)
    {
        await using CoturnServer server = await CoturnServer.StartAsync(new CoturnOptions { Tls = true });
        int port = transport == "tls" ? server.TlsPort : server.Port;

        ProcessResult run = await StackCliRun.RunAsync(
            LabHost.Local, "stun", $"127.0.0.1:{Number(port)}", "--transport", transport, "--ca", server.AuthorityFile, "--json");

        JsonElement json = StackCliRun.Json(run);
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Equal(1, json.GetProperty("schema").GetInt32());
        Assert.Equal("stun", json.GetProperty("command").GetString());
        Assert.Equal(transport, json.GetProperty("transport").GetString());
        Assert.StartsWith("127.0.0.1:", json.GetProperty("mapped").GetString(), StringComparison.Ordinal);
        Assert.Equal(json.GetProperty("local").GetString(), json.GetProperty("mapped").GetString());
        Assert.False(json.GetProperty("natted").GetBoolean());
        Assert.InRange(json.GetProperty("attempts").GetInt32(), 1, transport == "udp" ? 7 : 1);
        Assert.Contains("Coturn", json.GetProperty("software").GetString(), StringComparison.Ordinal);
    }

    [RequiresTheory(Requirement.Coturn)]
    [InlineData(LeafCertificate.Expired)]
    [InlineData(LeafCertificate.WrongName)]
    public async Task Stun_CertificateThatIsNotTheServers_Exits4(LeafCertificate certificate)
    {
        await using CoturnServer server = await CoturnServer.StartAsync(new CoturnOptions { Tls = true, Certificate = certificate });

        ProcessResult run = await StackCliRun.RunAsync(
            LabHost.Local, "stun", $"127.0.0.1:{Number(server.TlsPort)}", "--transport", "tls", "--ca", server.AuthorityFile, "--json");
        ProcessResult insecure = await StackCliRun.RunAsync(
            LabHost.Local, "stun", $"127.0.0.1:{Number(server.TlsPort)}", "--transport", "tls", "--insecure", "--json");

        Assert.True(run.ExitCode == 4, run.ToString());
        Assert.NotEqual("", StackCliRun.Json(run).GetProperty("error").GetProperty("hint").GetString());
        Assert.True(insecure.ExitCode == 0, insecure.ToString());
    }

    [RequiresFact(Requirement.Coturn)]
    public async Task Stun_AuthorityThatIsNotTrusted_Exits4()
    {
        await using CoturnServer server = await CoturnServer.StartAsync(new CoturnOptions { Tls = true });

        ProcessResult run = await StackCliRun.RunAsync(
            LabHost.Local, "stun", $"127.0.0.1:{Number(server.TlsPort)}", "--transport", "tls", "--json");

        Assert.True(run.ExitCode == 4, run.ToString());
    }

    [RequiresTheory(Requirement.Coturn)]
    [InlineData("u", "p", 0)]
    [InlineData("u", "wrong", 5)]
    [InlineData(null, null, 5)]
    public async Task Stun_ServerThatAuthenticatesBindings_TakesTheRightPasswordOnly(string? user, string? password, int exitCode)
    {
        await using CoturnServer server = await CoturnServer.StartAsync(new CoturnOptions
        {
            Lines = ["secure-stun", "lt-cred-mech", "user=u:p", "realm=example.org"],
        });
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, password ?? "");
            string[] credential = user is null ? [] : ["--user", user, "--password-file", file];

            ProcessResult run = await StackCliRun.RunAsync(LabHost.Local, ["stun", server.EndPoint.ToString(), "--json", .. credential]);

            Assert.True(run.ExitCode == exitCode, run.ToString());
        }
        finally
        {
            File.Delete(file);
        }
    }

    [RequiresTheory(Requirement.None)]
    [InlineData("udp", 3)]
    [InlineData("tcp", 4)]
    public async Task Stun_DeadPort_ExitsWithinItsTime(string transport, int exitCode)
    {
        using var dead = new DeadPort(transport == "udp" ? ProtocolType.Udp : ProtocolType.Tcp);

        ProcessResult run = await StackCliRun.RunAsync(
            LabHost.Local, "stun", dead.Address, "--transport", transport, "--timeout", transport == "udp" ? "2" : "30", "--json");

        Assert.True(run.ExitCode == exitCode, run.ToString());
        Assert.True(StackCliRun.Json(run).TryGetProperty("error", out _), run.ToString());
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
