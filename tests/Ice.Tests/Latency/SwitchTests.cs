using Xunit;
using static Stack.Ice.Tests.IceScenario;

namespace Stack.Ice.Tests;

/// <summary>A restart with the network changed under it.</summary>
public sealed class SwitchTests
{
    [Theory]
    [InlineData(10)]
    [InlineData(100)]
    [InlineData(300)]
    public void Switch_OldPathAlive_LosesNothing(double roundTrip)
    {
        using var run = new SwitchRun(IceStrategy.Default, roundTrip, cutsOldPath: false);
        Assert.True(run.Completed, run.ToString());
        Assert.Equal(2200, run.Sent);
        Assert.Equal(0, run.Lost);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(100)]
    public void Switch_OldPathCut_IsDarkForASecondAtTheMost(double roundTrip)
    {
        using var run = new SwitchRun(IceStrategy.Default, roundTrip, cutsOldPath: true);
        Assert.True(run.Completed, run.ToString());
        Assert.InRange(run.LongestGap, Ms(roundTrip), Seconds(1));
    }
}
