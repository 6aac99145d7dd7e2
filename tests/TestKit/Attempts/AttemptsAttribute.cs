using System;

namespace Stack.TestKit;

/// <summary>
/// How often the tests of an assembly that say what they need (<see cref="RequiresFactAttribute"/>, <see cref="RequiresTheoryAttribute"/>) may be
/// tried. For an assembly whose tests watch foreign programs by the clocks of those programs: what a machine that stands still for seconds spoils is
/// seen again, and told; what is always wrong still fails.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class AttemptsAttribute(int most) : Attribute
{
    /// <summary>The number of attempts, 1 or more.</summary>
    public int Most { get; } = most;
}
