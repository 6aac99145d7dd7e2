using Stack.TestKit;
using Xunit;

namespace Stack.Signaling.Server.Tests;

public sealed class ArchitectureTests
{
    [Fact]
    public void PublicApi_SignalingServer_IsTheAcceptedOne() => PublicApiBaseline.Verify(typeof(SignalingServerHost).Assembly, "src/SignalingServer");

    [Fact]
    public void References_SignalingServer_AreOurOwnAndTheFramework()
    {
        string[] references = [.. AssemblyReferences.Assemblies(typeof(SignalingServerHost).Assembly)];
        Assert.Contains("Stack.Signaling", references);
        Assert.All(
            references,
            static name => Assert.True(
                name is "Stack.Signaling" or "Stack.Stun" or "Stack.Turn" or "Stack.Transport"
                    || name.StartsWith("Microsoft.AspNetCore", System.StringComparison.Ordinal)
                    || name.StartsWith("Microsoft.Extensions.", System.StringComparison.Ordinal)
                    || name.StartsWith("Microsoft.Net.Http.", System.StringComparison.Ordinal)
                    || AssemblyReferences.IsFramework(name),
                name));
    }

    [Fact]
    public void Source_SignalingServer_KeepsTheRules()
    {
        Assert.Empty(SourceRules.TooLongFiles("src/SignalingServer"));
        Assert.Empty(SourceRules.MisnamedFiles("src/SignalingServer"));
        Assert.Empty(SourceRules.EmptyNames("src/SignalingServer"));
    }
}
