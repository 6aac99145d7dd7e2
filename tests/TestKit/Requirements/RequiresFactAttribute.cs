using Xunit;
using Xunit.Sdk;

namespace Stack.TestKit;

/// <summary>A fact that is skipped, with the reason, on a machine that lacks what it needs.</summary>
[XunitTestCaseDiscoverer("Stack.TestKit.AttemptsFactDiscoverer", "Stack.TestKit")]
public sealed class RequiresFactAttribute : FactAttribute
{
    /// <summary>Creates the attribute.</summary>
    public RequiresFactAttribute(Requirement requirements)
    {
        Requirements = requirements;
        Skip = MachineRequirements.WhyNot(requirements);
    }

    /// <summary>What the test needs.</summary>
    public Requirement Requirements { get; }
}
