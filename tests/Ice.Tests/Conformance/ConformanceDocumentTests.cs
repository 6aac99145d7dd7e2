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
        HashSet<string> classes = [];
        HashSet<string> methods = [];
        foreach (string file in RepositoryFiles.Sources("tests"))
        {
            string text = File.ReadAllText(file);
            foreach (Match match in Declaration().Matches(text))
            {
                (match.Groups["class"].Success ? classes : methods).Add(match.Groups["name"].Value);
            }
        }

        // Types of the product, and not tests.
        classes.UnionWith(["MappingTests", "FilteringTests"]);

        var missing = new List<string>();
        int named = 0;
        foreach ((string document, string line) in Lines())
        {
            foreach (Match match in Named().Matches(line))
            {
                named++;
                string type = match.Groups["class"].Value;
                string method = match.Groups["method"].Value;
                if ((type.Length > 0 && !classes.Contains(type)) || (method.Length > 0 && !methods.Contains(method)))
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
        Assert.Empty(rows.Where(static row => !Named().IsMatch(row) && !row.Contains("| rule |", StringComparison.Ordinal)
            && !row.StartsWith("| ---", StringComparison.Ordinal) && !Array.Exists(Reasons, reason => row.Contains(reason, StringComparison.Ordinal))));
    }

    private static IEnumerable<(string Document, string Line)> Lines() => Documents
        .Select(static name => RepositoryFiles.PathOf("docs", name)).Where(File.Exists)
        .SelectMany(static path => File.ReadLines(path).Select(line => (Path.GetFileName(path), line)));

    // A class by its name, a test by the underscores of its own, or both.
    [GeneratedRegex(@"`(?:(?<class>[A-Z]\w*Tests)(?:\.(?<method>[A-Z]\w+))?|(?<method>[A-Z][A-Za-z0-9]+_\w+))`", RegexOptions.ExplicitCapture)]
    private static partial Regex Named();

    [GeneratedRegex(@"(?<class>class )(?<name>\w+Tests)\b|public (?:async Task|void) (?<name>\w+)\(", RegexOptions.ExplicitCapture)]
    private static partial Regex Declaration();
}
