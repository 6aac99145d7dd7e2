using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text.RegularExpressions;
using Stack.TestKit;
using Xunit;

namespace Stack.Stun.Tests;

public sealed partial class ArchitectureTests
{
    private static readonly Assembly Core = typeof(StunMessage).Assembly;

    [Fact]
    public void PublicApi_Stun_IsTheAcceptedOne() => PublicApiBaseline.Verify(Core, "src/Stun");

    [Fact]
    public void Core_References_AreTheFrameworkAlone()
    {
        IReadOnlyList<string> references = AssemblyReferences.Assemblies(Core);
        Assert.Contains("System.Runtime", references);
        Assert.All(references, name => Assert.True(AssemblyReferences.IsFramework(name), name));
        Assert.False(AssemblyReferences.IsFramework("xunit.core"));
    }

    // No socket, clock, task, thread or lock: bytes and the time go in, bytes and deadlines come out.
    [Fact]
    public void Core_ReferencedTypes_DoNoInputOutputAndKeepNoTime()
    {
        IReadOnlyList<string> types = AssemblyReferences.Types(Core);
        Assert.Contains("System.ReadOnlySpan`1", types);
        Assert.DoesNotContain("System.Net.Sockets", AssemblyReferences.Assemblies(Core));
        string[] banned = ["System.Net.Sockets.", "System.Threading.", "System.IO.", "System.TimeProvider", "System.Diagnostics.Stopwatch", "System.Random", "System.BitConverter", "System.Console"];
        Assert.DoesNotContain(types, type => banned.Any(name => type == name || (name.EndsWith('.') && type.StartsWith(name, StringComparison.Ordinal))));
    }

    // The project pins nothing and references nothing.
    [Fact]
    public void Core_Project_HasNoReferences()
    {
        string project = File.ReadAllText(RepositoryFiles.PathOf("src", "Stun", "Stun.csproj"));
        Assert.DoesNotContain("<PackageReference", project, StringComparison.Ordinal);
        Assert.DoesNotContain("<ProjectReference", project, StringComparison.Ordinal);
        Assert.DoesNotContain("AllowUnsafeBlocks", project, StringComparison.Ordinal);
    }

    [Fact]
    public void Sources_EveryProject_HaveOnePublicTypePerFileUnderItsName() => Assert.Empty(SourceRules.MisnamedFiles("src"));

    [Fact]
    public void Sources_EveryProject_AreShort() => Assert.Empty(SourceRules.TooLongFiles("src"));

    [Fact]
    public void Sources_EveryProject_HaveNoEmptyNames() => Assert.Empty(SourceRules.EmptyNames("src"));

    [Theory]
    [InlineData("SessionManager", true)]
    [InlineData("StringUtils", true)]
    [InlineData("AgentImpl", true)]
    [InlineData("PacketInfo", true)]
    [InlineData("MessageData", true)]
    [InlineData("ChannelData", false)]
    [InlineData("ChannelDataFramer", false)]
    [InlineData("DataIndication", false)]
    [InlineData("Database", false)]
    [InlineData("Implementation", false)]
    public void EmptyNames_Word_IsJudgedWhole(string name, bool empty) => Assert.Equal(empty, SourceRules.IsEmptyName(name));

    // Secrets compare in constant time (RFC 8489 section 16.1.1): the one place of each hash uses FixedTime, which uses the framework's.
    [Theory]
    [InlineData("MessageIntegrity.cs", "FixedTime.AreEqual(")]
    [InlineData("MessageIntegritySha256.cs", "FixedTime.AreEqual(")]
    [InlineData("FixedTime.cs", "CryptographicOperations.FixedTimeEquals(")]
    public void Integrity_Comparison_TakesTheSameTime(string file, string expected)
    {
        string source = File.ReadAllText(RepositoryFiles.PathOf("src", "Stun", "Integrity", file));
        Assert.Equal(1, Occurrences(source, expected));
        Assert.Equal(0, Occurrences(source, "SequenceEqual"));
        Assert.Equal(0, Occurrences(source, "SequenceCompareTo"));
    }

    // Hashes are checked where they are computed and nowhere else.
    [Fact]
    public void Integrity_Hashes_AreNotComparedElsewhere()
    {
        string[] users = [.. RepositoryFiles.Sources("src/Stun").Where(path => HashComputation().IsMatch(File.ReadAllText(path))).Select(path => Path.GetFileName(path))];
        Assert.Equal(["IntegrityKey.cs", "MessageIntegrity.cs", "MessageIntegritySha256.cs"], users);
    }

    // Undefined wire values are legal, the wire is big-endian, and the lengths on it size nothing on the stack.
    [Theory]
    [InlineData("Enum.IsDefined")]
    [InlineData("LittleEndian")]
    [InlineData("MemoryMarshal")]
    [InlineData("catch (Exception")]
    [InlineData("async ")]
    public void Codec_Source_DoesWithout(string text)
    {
        string[] rooms = ["Messages", "Attributes", "Registry", "Streams"];
        string[] found = [.. rooms.SelectMany(room => RepositoryFiles.Sources("src/Stun/" + room)).Where(path => File.ReadAllText(path).Contains(text, StringComparison.Ordinal))];
        Assert.Empty(found);
    }

    private static int Occurrences(string text, string part) => text.Split(part).Length - 1;

    [GeneratedRegex(@"\bCompute(Sha1|Sha256)\(", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex HashComputation();
}
