using Xunit;
using Xunit.Sdk;

namespace Stack.TestKit;

/// <summary>A theory that is skipped, with the reason, on a machine that lacks what it needs.</summary>
[XunitTestCaseDiscoverer("Stack.TestKit.AttemptsTheoryDiscoverer", "Stack.TestKit")]
public sealed class RequiresTheoryAttribute : TheoryAttribute
{
    /// <summary>Creates the attribute.</summary>
    public RequiresTheoryAttribute(Requirement requirements)
    {
        Requirements = requirements;
        Skip = MachineRequirements.WhyNot(requirements);
    }

    /// <summary>What the test needs.</summary>
    public Requirement Requirements { get; }
}
