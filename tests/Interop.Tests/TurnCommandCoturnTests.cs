using System.Globalization;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Threading.Tasks;
using Stack.TestKit;
using Xunit;

namespace Stack.Interop.Tests;

/// <summary><c>stackcli turn</c> against coturn.</summary>
public sealed class TurnCommandCoturnTests
{
    [RequiresTheory(Requirement.Coturn)]
    [InlineData("udp", "")]
    [InlineData("udp", "--channel")]
    [InlineData("udp", "--send")]
    [InlineData("tcp", "")]
    [InlineData("tls", "--channel")]
    [InlineData("tcp", "--tcp-relay")]
    [InlineData("tls", "--tcp-relay")]
    public async Task Turn_ThroughCoturn_LosesNothing(string transport, string how)
    {
        await using CoturnServer server = await CoturnServer.StartAsync(CoturnOptions.Relay);

        ProcessResult run = await TurnAsync(server, transport, "p", how, "--packets", "60", "--rate", "400", "--size", "501");

        Assert.True(run.ExitCode == 0, run.ToString());
        JsonElement json = StackCliRun.Json(run);
        Assert.Equal((1, "turn", transport), (json.GetProperty("schema").GetInt32(), json.GetProperty("command").GetString(), json.GetProperty("transport").GetString()));
        Assert.Equal((60, 60, 0), (json.GetProperty("sent").GetInt32(), json.GetProperty("received").GetInt32(), json.GetProperty("lostPercent").GetInt32()));
        Assert.Equal(600, json.GetProperty("lifetimeS").GetInt32());
        Assert.StartsWith("127.0.0.1:", json.GetProperty("relayed").GetString(), System.StringComparison.Ordinal);
        Assert.Equal(json.GetProperty("local").GetString(), json.GetProperty("mapped").GetString());
        Assert.True(json.GetProperty("rttMs").GetProperty("median").GetDouble() > 0);
    }

    [RequiresTheory(Requirement.Coturn)]
    [InlineData("udp")]
    [InlineData("tls")]
    public async Task Turn_WrongPassword_Exits5(string transport)
    {
        await using CoturnServer server = await CoturnServer.StartAsync(CoturnOptions.Relay);

        ProcessResult run = await TurnAsync(server, transport, "wrong");

        Assert.True(run.ExitCode == 5, run.ToString());
        Assert.Equal("auth", StackCliRun.Json(run).GetProperty("error").GetProperty("code").GetString());
    }

    [RequiresFact(Requirement.Coturn)]
    public async Task Turn_PeerThatSendsNothingBack_Exits1()
    {
        await using CoturnServer server = await CoturnServer.StartAsync(CoturnOptions.Relay);
        using var peer = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        peer.Bind(new IPEndPoint(IPAddress.Loopback, 0));

        ProcessResult run = await TurnAsync(server, "udp", "p", "--peer", peer.LocalEndPoint!.ToString()!, "--packets", "3");

        Assert.True(run.ExitCode == 1, run.ToString());
        Assert.Equal((3, 100), (StackCliRun.Json(run).GetProperty("sent").GetInt32(), StackCliRun.Json(run).GetProperty("lostPercent").GetInt32()));
    }

    [RequiresFact(Requirement.Coturn)]
    public async Task Turn_PeerThatTheServerForbids_Exits1AndSaysSo()
    {
        await using CoturnServer server = await CoturnServer.StartAsync(CoturnOptions.Relay with { Lines = [.. CoturnOptions.Relay.Lines, "denied-peer-ip=10.0.0.1"] });

        ProcessResult run = await TurnAsync(server, "udp", "p", "--peer", "10.0.0.1:9");

        Assert.True(run.ExitCode == 1, run.ToString());
        Assert.Equal("forbidden", StackCliRun.Json(run).GetProperty("error").GetProperty("reason").GetString());
    }

    private static Task<ProcessResult> TurnAsync(CoturnServer server, string transport, string password, params string[] more)
    {
        string port = (transport == "tls" ? server.TlsPort : server.Port).ToString(CultureInfo.InvariantCulture);
        string[] arguments =
        [
            "turn", $"127.0.0.1:{port}", "--transport", transport, "--ca", server.AuthorityFile, "--user", "u", "--password", password, "--json",
            .. more.Where(static argument => argument.Length != 0),
        ];
        return StackCliRun.RunAsync(LabHost.Local, arguments);
    }
}
