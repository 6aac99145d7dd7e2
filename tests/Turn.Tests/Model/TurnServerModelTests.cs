using Stack.Fuzz.Model;
using Xunit;

namespace Stack.Turn.Tests;

/// <summary>The server beside the reference model of fuzz/Model: two loops with shared resources, random inputs and time, every output compared.</summary>
public sealed class TurnServerModelTests
{
    // What fails prints seed and episode: `stack-fuzz model --seed S --episode E` runs it again.
    [Theory]
    [InlineData(1UL)]
    [InlineData(2UL)]
    [InlineData(3UL)]
    [InlineData(4UL)]
    [InlineData(5UL)]
    public void TurnServer_RandomInputs_DoesWhatTheModelSays(ulong seed)
    {
        var run = new TurnModelRun(seed);
        run.Execute(20_000, threads: 1);
        Assert.True(run.Violation is null, run.Violation);
        Assert.True(run.Messages >= 20_000, run.Dispositions);
    }
}
