using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text.RegularExpressions;
using Stack.Stun;
using Stack.TestKit;
using Xunit;

namespace Stack.Signaling.Tests;

/// <summary>What Stack.Signaling is made of. The rules for sources of every project are checked with Stack.Stun.</summary>
public sealed partial class ArchitectureTests
{
    private static readonly Assembly Core = typeof(SignalingCore).Assembly;

    [Fact]
    public void PublicApi_Signaling_IsTheAcceptedOne() => PublicApiBaseline.Verify(Core, "src/Signaling");

    [Fact]
    public void Core_References_AreTheFrameworkAndStun()
    {
        IReadOnlyList<string> references = AssemblyReferences.Assemblies(Core);
        Assert.Contains(typeof(StunMessage).Assembly.GetName().Name, references);
        Assert.All(references, static name => Assert.True(name == "Stack.Stun" || AssemblyReferences.IsFramework(name), name));
        Assert.DoesNotContain("System.Net.Sockets", references);
        Assert.DoesNotContain("System.Net.WebSockets", references);
    }

    // No socket, clock, task, thread or lock: messages and the time go in, messages and deadlines come out.
    [Fact]
    public void Core_ReferencedTypes_DoNoInputOutputAndKeepNoTime()
    {
        IReadOnlyList<string> types = AssemblyReferences.Types(Core);
        Assert.Contains("System.ReadOnlySpan`1", types);
        string[] banned =
        [
            "System.Net.Sockets.", "System.Net.WebSockets.", "System.Threading.", "System.IO.", "System.TimeProvider", "System.Diagnostics.Stopwatch",
            "System.Random", "System.BitConverter", "System.Console", "System.Collections.Concurrent.",
        ];
        Assert.DoesNotContain(
            types, type => banned.Any(name => type == name || (name.EndsWith('.') && type.StartsWith(name, StringComparison.Ordinal))));
    }

    [Fact]
    public void Core_Project_ReferencesStunAndNothingElse()
    {
        string project = File.ReadAllText(RepositoryFiles.PathOf("src", "Signaling", "Signaling.csproj"));
        Assert.DoesNotContain("<PackageReference", project, StringComparison.Ordinal);
        Assert.DoesNotContain("AllowUnsafeBlocks", project, StringComparison.Ordinal);
        Assert.DoesNotContain("NoWarn", project, StringComparison.Ordinal);
        Assert.Equal("../Stun/Stun.csproj", Assert.Single((IEnumerable<Match>)Reference().Matches(project)).Groups["path"].Value);
    }

    [Theory]
    [InlineData("Enum.IsDefined")]
    [InlineData("MemoryMarshal")]
    [InlineData("catch (Exception")]
    [InlineData("async ")]
    [InlineData("unsafe ")]
    [InlineData("JsonSerializer.")]
    public void Core_Source_DoesWithout(string text) => Assert.DoesNotContain(
        RepositoryFiles.Sources("src/Signaling"), path => File.ReadAllText(path).Contains(text, StringComparison.Ordinal));

    [GeneratedRegex("<ProjectReference Include=\"(?<path>[^\"]*)\"", RegexOptions.CultureInvariant, 60_000)]
    private static partial Regex Reference();
}
