using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using Stack.Stun;
using Stack.TestKit;
using Xunit;

namespace Stack.Simulation.Tests;

/// <summary>What Stack.Simulation is made of.</summary>
public sealed class ArchitectureTests
{
    private static readonly Assembly Core = typeof(Simulator).Assembly;

    [Fact]
    public void PublicApi_Simulation_IsTheAcceptedOne() => PublicApiBaseline.Verify(Core, "src/Simulation");

    [Fact]
    public void References_AreTheFrameworkAndTheCores()
    {
        IReadOnlyList<string> references = AssemblyReferences.Assemblies(Core);
        Assert.Contains(typeof(StunMessage).Assembly.GetName().Name, references);
        Assert.All(references, static name => Assert.True(name is "Stack.Stun" or "Stack.Turn" or "Stack.Ice" || AssemblyReferences.IsFramework(name), name));
        Assert.DoesNotContain("System.Net.Sockets", references);
    }

    // Nothing that differs from run to run or from machine to machine, and no query in the packet path.
    [Fact]
    public void ReferencedTypes_KeepNoTimeAndDrawNothingOfTheirOwn()
    {
        IReadOnlyList<string> types = AssemblyReferences.Types(Core);
        string[] banned =
        [
            "System.Net.Sockets.", "System.Threading.Tasks.", "System.Threading.Thread", "System.Threading.Timer", "System.TimeProvider", "System.Diagnostics.Stopwatch", "System.Random",
            "System.BitConverter", "System.Console", "System.Guid", "System.Collections.Concurrent.", "System.Linq.", "System.Environment",
        ];
        Assert.DoesNotContain(
            types, type => banned.Any(name => type == name || (name.EndsWith('.') && type.StartsWith(name, StringComparison.Ordinal))));
    }

    // Sines and logarithms may differ in the last bit from machine to machine.
    [Theory]
    [InlineData("Math.Log")]
    [InlineData("Math.Exp")]
    [InlineData("Math.Pow")]
    [InlineData("Math.Sin")]
    [InlineData("Math.Cos")]
    [InlineData("unsafe ")]
    [InlineData("catch (Exception")]
    [InlineData("async ")]
    public void Source_DoesWithout(string text) => Assert.DoesNotContain(
        RepositoryFiles.Sources("src/Simulation"), path => File.ReadAllText(path).Contains(text, StringComparison.Ordinal));
}
