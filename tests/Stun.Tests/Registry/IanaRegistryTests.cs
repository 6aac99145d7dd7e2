using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;
using Xunit;

namespace Stack.Stun.Tests;

/// <summary>The registries of the code against IANA's, both ways.</summary>
public sealed partial class IanaRegistryTests
{
    [Fact]
    public void Methods_CodeAndRegistry_AreTheSame()
        => AssertSame("methods", Members<StunMethod>(), method => method.GetName(), "Binding", 12);

    [Fact]
    public void Attributes_CodeAndRegistry_AreTheSame()
        => AssertSame("attributes", Members<StunAttributeType>(), type => type.GetName(), "XOR-MAPPED-ADDRESS", 68);

    [Fact]
    public void ErrorCodes_CodeAndRegistry_AreTheSame()
        => AssertSame("error-codes", Members<StunErrorCode>(), code => code.GetReasonPhrase(), "Role Conflict", 18);

    [Fact]
    public void SecurityFeatures_CodeAndRegistry_AreTheSame()
    {
        IEnumerable<(int Number, string Name)> bits = Members<StunSecurityFeatures>()
            .Where(feature => feature != StunSecurityFeatures.None)
            .Select(feature => (int.Log2((int)feature), Letters(feature.ToString())));
        Assert.Equal(Assigned("security-features").Select(row => (row.Number, Letters(row.Name))), bits);
        Assert.All(Members<StunSecurityFeatures>().Skip(1), feature => Assert.True(int.IsPow2((int)feature)));
    }

    [Fact]
    public void PasswordAlgorithms_CodeAndRegistry_AreTheSame()
    {
        IEnumerable<(int Number, string Name)> members = Members<StunPasswordAlgorithm>()
            .Where(algorithm => algorithm != StunPasswordAlgorithm.Reserved)
            .Select(algorithm => ((int)algorithm, Letters(algorithm.ToString())));
        Assert.Equal(Assigned("password-algorithms").Select(row => (row.Number, Letters(row.Name))), members);
    }

    [Fact]
    public void Names_UnassignedValues_AreNumbers()
    {
        HashSet<int> assigned = [.. Assigned("attributes").Select(row => row.Number)];
        for (int value = 0; value <= 0xFFFF; value++)
        {
            string name = ((StunAttributeType)value).GetName();
            Assert.Equal(!assigned.Contains(value), name == string.Create(CultureInfo.InvariantCulture, $"0x{value:X4}"));
        }

        Assert.Equal("0x0FE", ((StunMethod)0x0FE).GetName());
        Assert.Equal("", ((StunErrorCode)499).GetReasonPhrase());
        Assert.Equal("", ((StunErrorCode)0).GetReasonPhrase());
    }

    // RFC 8489 section 18.3: bit 15 of the type, and nothing else, makes an attribute optional.
    [Fact]
    public void ComprehensionRequired_EveryType_FollowsItsTopBit()
    {
        for (int value = 0; value <= 0xFFFF; value++)
        {
            Assert.Equal(value < 0x8000, ((StunAttributeType)value).IsComprehensionRequired());
        }
    }

    private static void AssertSame<T>(string registry, T[] members, Func<T, string> name, string sample, int count)
        where T : struct, Enum
    {
        (int Number, string Name)[] rows = [.. Assigned(registry)];
        Assert.Contains(rows, row => row.Name == sample);
        Assert.Equal(count, rows.Length);
        T[] named = [.. members.Where(member => member.ToString() != "Reserved")];
        Assert.Equal(rows, named.Select(member => (Convert.ToInt32(member, CultureInfo.InvariantCulture), name(member))));

        // The member is the registered name in Pascal case.
        Assert.Equal(rows.Select(row => Letters(row.Name)), named.Select(member => Letters(member.ToString())));
        Assert.All(
            members.Except(named),
            reserved => Assert.Contains(VectorFiles.Registry(registry), row => row.Name == "Reserved" && Number(row.Value) == Convert.ToInt32(reserved, CultureInfo.InvariantCulture)));
    }

    private static T[] Members<T>()
        where T : struct, Enum
        => [.. Enum.GetNames<T>().Select(Enum.Parse<T>).OrderBy(member => Convert.ToInt32(member, CultureInfo.InvariantCulture))];

    // A row that once had a name keeps it: "Reserved; was CHANGE-REQUEST prior to RFC5389", "Reserved (was BANDWIDTH)".
    private static IEnumerable<(int Number, string Name)> Assigned(string registry) => VectorFiles.Registry(registry)
        .Select(row => (row.Value, Name: FormerName().Match(row.Name) is { Success: true } former ? former.Groups["name"].Value : row.Name))
        .Where(row => row.Name != "Unassigned" && !row.Name.StartsWith("Reserved", StringComparison.Ordinal))
        .Select(row => (Number(row.Value), row.Name));

    private static int Number(string value) => value.StartsWith("0x", StringComparison.Ordinal)
        ? value.Contains('-', StringComparison.Ordinal) ? -1 : int.Parse(value.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
        : value.Contains('-', StringComparison.Ordinal) ? -1 : int.Parse(value, NumberStyles.None, CultureInfo.InvariantCulture);

    private static string Letters(string name) => string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();

    [GeneratedRegex(@"^Reserved(?:; | \()was (?<name>[A-Za-z-]+)", RegexOptions.CultureInvariant, 60_000)]
    private static partial Regex FormerName();
}
