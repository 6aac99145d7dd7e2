using System;
using System.Globalization;
using System.IO;
using System.Net;
using System.Threading.Tasks;
using Stack.TestKit;
using Xunit;

namespace Stack.Interop.Tests;

/// <summary>Programs on pion/turn and aioice as clients of our server.</summary>
public sealed class ForeignTurnClientTests(PionPrograms programs) : IClassFixture<PionPrograms>
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    [RequiresTheory(Requirement.PionTurn)]
    [InlineData("udp")]
    [InlineData("tcp")]
    public async Task PionClient_OurServer_RelaysEverything(string transport)
    {
        await using TurnServerProcess server = await TurnServerProcess.StartAsync();
        ProcessResult run = await LabHost.Local.RunAsync(
            Timeout,
            await programs.TurnClientAsync(),
            transport, server.EndPoint(transport).ToString(), "example.org", "u", "p", "20");
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains("relayed 127.0.0.1:", run.Output, StringComparison.Ordinal);
        Assert.Contains("received 20 of 20", run.Output, StringComparison.Ordinal);
    }

    [RequiresTheory(Requirement.Aioice)]
    [InlineData("udp")]
    [InlineData("tcp")]
    public async Task AioiceClient_OurServer_RelaysEverything(string transport)
    {
        await using TurnServerProcess server = await TurnServerProcess.StartAsync();
        IPEndPoint endPoint = server.EndPoint(transport);
        string script = Path.Combine(PionPrograms.Sources, "..", "aioice", "turn_client.py");
        ProcessResult run = await LabHost.Local.RunAsync(
            Timeout,
            "/usr/bin/python3",
            script, transport, endPoint.Address.ToString(), endPoint.Port.ToString(CultureInfo.InvariantCulture), "u", "p", "20");
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains("relayed 127.0.0.1:", run.Output, StringComparison.Ordinal);
        Assert.Contains("received 20 of 20", run.Output, StringComparison.Ordinal);
    }
}
