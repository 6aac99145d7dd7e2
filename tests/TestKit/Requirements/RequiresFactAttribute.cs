using Xunit;

namespace Stack.TestKit;

/// <summary>A fact that is skipped, with the reason, on a machine that lacks what it needs.</summary>
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
