using System;
using System.Linq;
using Stack.TestKit;
using Xunit;

namespace Stack.Interop.Tests;

/// <summary>A test that cannot run says why.</summary>
public sealed class RequirementTests
{
    private static int _attempts;

    [Fact]
    public void Requirement_None_SkipsNothing()
    {
        Assert.Null(new RequiresFactAttribute(Requirement.None).Skip);
        Assert.Null(new RequiresTheoryAttribute(Requirement.None).Skip);
    }

    [Fact]
    public void Requirement_SkipReason_IsOneReasonForEachThingAbsent()
    {
        Requirement[] single = Enum.GetValues<Requirement>().Where(one => int.IsPow2((int)one)).ToArray();
        string[] reasons = single.Select(MachineRequirements.WhyNot).OfType<string>().ToArray();
        Requirement all = single.Aggregate((left, right) => left | right);

        Assert.Equal(reasons.Length == 0 ? null : string.Join("; ", reasons), MachineRequirements.WhyNot(all));
        Assert.Equal(MachineRequirements.WhyNot(all), new RequiresFactAttribute(all).Skip);
    }

    [RequiresFact(Requirement.None)]
    public void Attempt_ThatFails_IsFollowedByAnother() => Assert.True(++_attempts == 2, "as the first attempt of this test should");
}
