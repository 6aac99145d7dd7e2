using Xunit.Abstractions;
using Xunit.Sdk;

namespace Stack.TestKit;

/// <summary>Finds facts that may be tried more than once.</summary>
public sealed class AttemptsFactDiscoverer(IMessageSink diagnostics) : FactDiscoverer(diagnostics)
{
    /// <inheritdoc/>
    protected override IXunitTestCase CreateTestCase(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute)
        => new AttemptsTestCase(
            DiagnosticMessageSink,
            discoveryOptions.MethodDisplayOrDefault(),
            discoveryOptions.MethodDisplayOptionsOrDefault(),
            testMethod,
            AttemptsDiscovery.GetAttempts(testMethod));
}
