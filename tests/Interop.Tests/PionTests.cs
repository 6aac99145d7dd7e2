using System;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Stack.TestKit;
using Xunit;

namespace Stack.Interop.Tests;

/// <summary>Programs on pion/stun as client of our server and as server of our client.</summary>
public sealed class PionTests(PionPrograms programs) : IClassFixture<PionPrograms>
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(180);

    [RequiresTheory(Requirement.Go)]
    [InlineData("udp")]
    [InlineData("tcp")]
    public async Task PionClient_OurServer_SeesItsAddress(string transport)
    {
        await using LabProcess server = await StackCliRun.ServeAsync(LabHost.Local, "--listen", $"{transport}://127.0.0.1:0");

        ProcessResult run = await LabHost.Local.RunAsync(
            Timeout, await programs.ClientAsync(), $"{transport}4", StackCliRun.Listening(server, transport).ToString());

        Assert.True(run.ExitCode == 0, run.ToString());
        string[] words = run.Output.Split(' ');
        Assert.Equal(words[3], words[1]);
    }

    [RequiresTheory(Requirement.Go)]
    [InlineData("udp")]
    [InlineData("tcp")]
    public async Task OurClient_PionServer_SeesItsAddress(string transport)
    {
        await using LabProcess server = LabHost.Local.Start(await programs.ServerAsync());
        string line = await server.WaitForLineAsync($"listening {transport} ", Timeout);

        ProcessResult run = await StackCliRun.RunAsync(
            LabHost.Local, "stun", line.Split(' ').Last(), "--transport", transport, "--json");

        JsonElement json = StackCliRun.Json(run);
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Equal(json.GetProperty("local").GetString(), json.GetProperty("mapped").GetString());
        Assert.Equal("pion/stun", json.GetProperty("software").GetString());
    }
}
