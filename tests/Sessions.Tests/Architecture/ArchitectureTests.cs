using System;
using System.Linq;
using Stack.TestKit;
using Xunit;

namespace Stack.Sessions.Tests;

public sealed class ArchitectureTests
{
    [Fact]
    public void PublicApi_Sessions_IsTheAcceptedOne() => PublicApiBaseline.Verify(typeof(IceSession).Assembly, "src/Sessions");

    [Fact]
    public void References_OfSessions_AreTheFrameworkAndTheStackAlone() => Assert.All(
        typeof(IceSession).Assembly.GetReferencedAssemblies(),
        static name => Assert.True(
            name.Name!.StartsWith("System.", StringComparison.Ordinal)
                || (string[])["Stack.Stun", "Stack.Ice", "Stack.Turn", "Stack.Transport", "Stack.Signaling"] is { } own && own.Contains(name.Name),
            name.Name));
}
