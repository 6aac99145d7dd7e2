using System.Collections.Generic;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Stack.TestKit;

/// <summary>Finds theories whose rows may be tried more than once each.</summary>
public sealed class AttemptsTheoryDiscoverer(IMessageSink diagnostics) : TheoryDiscoverer(diagnostics)
{
    /// <inheritdoc/>
    protected override IEnumerable<IXunitTestCase> CreateTestCasesForDataRow(
        ITestFrameworkDiscoveryOptions discoveryOptions,
        ITestMethod testMethod,
        IAttributeInfo theoryAttribute,
        object[] dataRow)
        =>
        [
            new AttemptsTestCase(
                DiagnosticMessageSink,
                discoveryOptions.MethodDisplayOrDefault(),
                discoveryOptions.MethodDisplayOptionsOrDefault(),
                testMethod,
                AttemptsDiscovery.GetAttempts(testMethod),
                dataRow),
        ];
}
