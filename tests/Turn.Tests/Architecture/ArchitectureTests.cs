using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text.RegularExpressions;
using Stack.Stun;
using Stack.TestKit;
using Xunit;

namespace Stack.Turn.Tests;

/// <summary>What Stack.Turn is made of. The rules for sources of every project are checked with Stack.Stun.</summary>
public sealed partial class ArchitectureTests
{
    private static readonly Assembly Core = typeof(TurnServer).Assembly;

    [Fact]
    public void PublicApi_Turn_IsTheAcceptedOne() => PublicApiBaseline.Verify(typeof(TurnServer).Assembly, "src/Turn");

    [Fact]
    public void Core_References_AreTheFrameworkAndStun()
    {
        IReadOnlyList<string> references = AssemblyReferences.Assemblies(Core);
        Assert.Contains(typeof(StunMessage).Assembly.GetName().Name, references);
        Assert.All(references, static name => Assert.True(name == "Stack.Stun" || AssemblyReferences.IsFramework(name), name));
        Assert.DoesNotContain("System.Net.Sockets", references);
    }

    // No socket, clock, task or thread: bytes and the time go in, bytes, decisions and deadlines come out.
    [Fact]
    public void Core_ReferencedTypes_DoNoInputOutputAndKeepNoTime()
    {
        IReadOnlyList<string> types = AssemblyReferences.Types(Core);
        Assert.Contains("System.ReadOnlySpan`1", types);
        string[] banned =
        [
            "System.Net.Sockets.", "System.Threading.Tasks.", "System.IO.", "System.TimeProvider", "System.Diagnostics.Stopwatch", "System.Random",
            "System.BitConverter", "System.Console", "System.Threading.Thread", "System.Threading.Timer", "System.Threading.Monitor",
            "System.Threading.SemaphoreSlim", "System.Collections.Concurrent.",
        ];
        Assert.DoesNotContain(
            types, type => banned.Any(name => type == name || (name.EndsWith('.') && type.StartsWith(name, StringComparison.Ordinal))));
        Assert.All(
            types.Where(static type => type.StartsWith("System.Threading.", StringComparison.Ordinal)),
            static type => Assert.Contains(
                type, (string[])["System.Threading.Lock", "System.Threading.Scope", "System.Threading.Interlocked", "System.Threading.Volatile"]));
    }

    // What several loops share is in a few places, which are safe for concurrent use; everything else belongs to one loop.
    [Fact]
    public void Core_Threading_IsInTheSharedPartsOnly() => Assert.Equal(
        ["ExpiringCredentialSource.cs", "StaticCredentialSource.cs", "TokenBucket.cs", "TurnServerResources.cs"],
        RepositoryFiles.Sources("src/Turn")
            .Where(static path => Threading().IsMatch(File.ReadAllText(path)))
            .Select(static path => Path.GetFileName(path))
            .Order(StringComparer.Ordinal));

    [Fact]
    public void Core_Project_ReferencesStunAndNothingElse()
    {
        string project = File.ReadAllText(RepositoryFiles.PathOf("src", "Turn", "Turn.csproj"));
        Assert.DoesNotContain("<PackageReference", project, StringComparison.Ordinal);
        Assert.DoesNotContain("AllowUnsafeBlocks", project, StringComparison.Ordinal);
        Assert.DoesNotContain("NoWarn", project, StringComparison.Ordinal);
        Assert.Equal("../Stun/Stun.csproj", Assert.Single((IEnumerable<Match>)Reference().Matches(project)).Groups["path"].Value);
    }

    // Undefined wire values are legal, the wire is big-endian, nothing is caught that nobody expects, and no hash is written by hand (V57).
    [Theory]
    [InlineData("Enum.IsDefined")]
    [InlineData("LittleEndian")]
    [InlineData("MemoryMarshal")]
    [InlineData("catch (Exception")]
    [InlineData("async ")]
    [InlineData("unsafe ")]
    [InlineData("int GetHashCode()")]
    [InlineData("IPAddress.Parse")]
    public void Core_Source_DoesWithout(string text) => Assert.DoesNotContain(
        RepositoryFiles.Sources("src/Turn"), path => File.ReadAllText(path).Contains(text, StringComparison.Ordinal));

    // security.md V40: tags and tokens compare in constant time.
    [Fact]
    public void Nonce_Tag_IsComparedInConstantTime()
    {
        string source = File.ReadAllText(RepositoryFiles.PathOf("src", "Turn", "Server", "NonceIssuer.cs"));
        Assert.Contains("CryptographicOperations.FixedTimeEquals(", source, StringComparison.Ordinal);
        Assert.DoesNotContain("SequenceEqual", source, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\b(using System\.Threading|Interlocked|Volatile\.|lock \(|volatile )", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Threading();

    [GeneratedRegex("<ProjectReference Include=\"(?<path>[^\"]*)\"", RegexOptions.CultureInvariant, 60_000)]
    private static partial Regex Reference();
}
