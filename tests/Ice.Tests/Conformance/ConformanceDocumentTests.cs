using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Stack.TestKit;
using Xunit;

namespace Stack.Ice.Tests;

/// <summary>docs/conformance.md, docs/conformance-ice.md and docs/deviations.md name tests: these exist.</summary>
public sealed partial class ConformanceDocumentTests
{
    private static readonly string[] Documents = ["conformance.md", "conformance-ice.md", "deviations.md"];

    // What may stand where no test does.
    private static readonly string[] Reasons = ["application", "Transport", "definition", "deviations.md", "concerns specifications", "the same", "not ", "none", "caller"];

    [Fact]
    public void NamedTests_Exist()
    {
        // Two that are types of the product, and not tests.
        HashSet<string> tests = ["MappingTests", "FilteringTests"];
        foreach (string file in RepositoryFiles.Sources("tests"))
        {
            string text = File.ReadAllText(file);
            string[] methods = [.. Method().Matches(text).Select(static match => match.Groups["name"].Value)];
            tests.UnionWith(methods);
            foreach (Match type in Class().Matches(text))
            {
                tests.Add(type.Groups["name"].Value);
                tests.UnionWith(methods.Select(method => $"{type.Groups["name"].Value}.{method}"));
            }
        }

        var missing = new List<string>();
        int named = 0;
        foreach ((string document, string line) in Lines())
        {
            foreach (Match match in Named().Matches(line))
            {
                named++;
                if (!tests.Contains(match.Groups["test"].Value))
                {
                    missing.Add($"{document}: {match.Value}");
                }
            }
        }

        Assert.Empty(missing);
        Assert.True(named > 200, $"{named}");
    }

    [Fact]
    public void RequirementsOfIce_HaveATestOrSayWhyThereIsNone()
    {
        string text = File.ReadAllText(RepositoryFiles.PathOf("docs", "conformance.md"));
        string register = text[text.IndexOf("## RFC 8445", StringComparison.Ordinal)..];
        string[] rows = [.. register.Split('\n').Where(static line => line.StartsWith("| ", StringComparison.Ordinal))];
        Assert.True(rows.Length > 120, $"{rows.Length}");
        Assert.DoesNotContain(rows, static row => !Named().IsMatch(row) && !row.Contains("| rule |", StringComparison.Ordinal)
            && !row.StartsWith("| ---", StringComparison.Ordinal) && !Array.Exists(Reasons, reason => row.Contains(reason, StringComparison.Ordinal)));
    }

    private static IEnumerable<(string Document, string Line)> Lines() => Documents
        .Select(static name => RepositoryFiles.PathOf("docs", name)).Where(File.Exists)
        .SelectMany(static path => File.ReadLines(path).Select(line => (Path.GetFileName(path), line)));

    // A class by its name, a test by the underscores of its own, or both.
    [GeneratedRegex(@"`(?<test>[A-Z]\w*Tests(\.[A-Z]\w+)?|[A-Z][A-Za-z0-9]+_\w+)`", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Named();

    [GeneratedRegex(@"class (?<name>\w+Tests)\b", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Class();

    [GeneratedRegex(@"public (async Task|void) (?<name>\w+)\(", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Method();
}
