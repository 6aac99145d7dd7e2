using System.Collections.Generic;
using System.Globalization;
using System.Net;
using System.Threading.Tasks;
using Stack.TestKit;
using Xunit;

namespace Stack.Interop.Tests;

/// <summary>coturn's client in all its variants against our server.</summary>
public sealed class TurnutilsUclientTests
{
    [RequiresTheory(Requirement.CoturnUtils)]
    [InlineData("udp", "127.0.0.1", "-c")]
    [InlineData("udp", "127.0.0.1", "-c -s")]
    [InlineData("udp", "127.0.0.1", "-X -g")]
    [InlineData("udp", "::1", "-c -x")]
    [InlineData("udp", "127.0.0.1", "-Z")]
    [InlineData("udp", "127.0.0.1", "-c -G")]
    [InlineData("udp", "127.0.0.1", "-c -D")]
    [InlineData("tcp", "127.0.0.1", "-t -c")]
    [InlineData("tcp", "127.0.0.1", "-t -c -s")]
    [InlineData("tls", "127.0.0.1", "-t -S -c")]
    [InlineData("tls", "127.0.0.1", "-t -S -c -s")]
    public async Task Uclient_WithPeer_LosesNothing(string transport, string peerAddress, string variant)
    {
        await using TurnServerProcess server = await TurnServerProcess.StartAsync();
        await using TurnutilsPeer peer = await TurnutilsPeer.StartAsync();
        await AssertSucceedsAsync(server.EndPoint(transport), ["-u", "u", "-w", "p", .. ToPeer(peerAddress, peer), .. variant.Split(' ')]);
    }

    [RequiresTheory(Requirement.CoturnUtils)]
    [InlineData("udp", "-y -c")]
    [InlineData("udp", "-y -c -s")]
    [InlineData("udp", "-y -c -m 5")]
    [InlineData("tcp", "-t -y -c")]
    [InlineData("tcp", "-T")]
    [InlineData("tls", "-T -S")]
    public async Task Uclient_WithEachOther_LoseNothing(string transport, string variant)
    {
        await using TurnServerProcess server = await TurnServerProcess.StartAsync();
        await AssertSucceedsAsync(server.EndPoint(transport), ["-u", "u", "-w", "p", "-n", "5", .. variant.Split(' ')]);
    }

    // Expiring credentials, as coturn's use-auth-secret has them.
    [RequiresFact(Requirement.CoturnUtils)]
    public async Task Uclient_WithSecret_LosesNothing()
    {
        await using TurnServerProcess server = await TurnServerProcess.StartAsync();
        await using TurnutilsPeer peer = await TurnutilsPeer.StartAsync();
        await AssertSucceedsAsync(server.EndPoint("udp"), ["-u", "u", "-W", TurnServerProcess.Secret, .. ToPeer("127.0.0.1", peer), "-c"]);
    }

    [RequiresTheory(Requirement.CoturnUtils)]
    [InlineData("-w")]
    [InlineData("-W")]
    public async Task Uclient_WithWrongPassword_Fails(string option)
    {
        await using TurnServerProcess server = await TurnServerProcess.StartAsync();
        TurnutilsUclientRun run = await TurnutilsUclient.RunAsync(server.EndPoint("udp"), "-u", "u", option, "WRONG", "-n", "1", "-y", "-c");
        Assert.NotEqual(0, run.Result.ExitCode);
        Assert.Equal(0, run.Sent);
    }

    private static IEnumerable<string> ToPeer(string address, TurnutilsPeer peer)
        => ["-n", "5", "-e", address, "-r", peer.Port.ToString(CultureInfo.InvariantCulture)];

    private static async Task AssertSucceedsAsync(IPEndPoint server, IEnumerable<string> arguments)
    {
        TurnutilsUclientRun run = await TurnutilsUclient.RunAsync(server, arguments);
        Assert.True(run.Succeeded, run.ToString());
    }
}
