using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Stack.TestKit;
using Xunit;

namespace Stack.Transport.Tests;

public class ReadmeExampleTests
{
    private static readonly string Root = Path.GetDirectoryName(RfcVectors.Folder)!;

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Example_Run_PrintsAddressAndVerdict()
    {
        using var output = new StringWriter();
        await ReadmeExample.RunAsync(output);

        string[] lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("I am 127.0.0.1:", lines[0], StringComparison.Ordinal);

        // On a busy machine the first request may be sent again before its answer is read.
        Assert.Matches("no NAT, [0-9]+ request", lines[0]);
        Assert.StartsWith("mapping EndpointIndependent, filtering Unknown: the server has no second address", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Example_InTheReadme_IsTheOneThatIsCompiled()
    {
        string readme = File.ReadAllText(Path.Combine(Root, "README.md"));
        string source = File.ReadAllText(Path.Combine(Root, "tests", "Transport.Tests", "Readme", "ReadmeExample.cs"));

        string printed = Between(readme, "```csharp\n", "```");
        string compiled = Between(source, "// README: from here\n", "// README: to here");

        Assert.Equal(Lines(compiled), Lines(printed));
        Assert.InRange(Lines(printed).Count, 5, 15);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task TurnExample_Run_RelaysBetweenTwoClients()
    {
        using var output = new StringWriter();
        await ReadmeTurnExample.RunAsync(output);

        string[] lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal($"5 bytes from {lines[1]}", lines[0]);
    }

    [Fact]
    public void TurnExample_InTheReadme_IsTheOneThatIsCompiled()
    {
        string readme = File.ReadAllText(Path.Combine(Root, "README.md"));
        string source = File.ReadAllText(Path.Combine(Root, "tests", "Transport.Tests", "Readme", "ReadmeTurnExample.cs"));

        string printed = Between(readme[(readme.IndexOf("```csharp\n", StringComparison.Ordinal) + 1)..], "```csharp\n", "```");
        string compiled = Between(source, "// README: from here\n", "// README: to here");

        Assert.Equal(Lines(compiled), Lines(printed));
    }

    [Fact]
    public void IceExample_InTheReadme_IsTheOneThatIsCompiled()
    {
        string readme = File.ReadAllText(Path.Combine(Root, "README.md"));
        string source = File.ReadAllText(Path.Combine(Root, "tests", "Transport.Tests", "Readme", "ReadmeIceExample.cs"));

        string printed = Between(readme[readme.IndexOf("await using var left", StringComparison.Ordinal)..], "", "```");
        string compiled = Between(source, "// README: from here\n", "// README: to here");

        Assert.Equal(Lines(compiled), Lines(printed));
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/conformance.md")]
    public void Table_NamedTests_Exist(string document)
    {
        string readme = File.ReadAllText(Path.Combine(Root, document));
        HashSet<string> files = [.. new[] { "tests", "fuzz" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories))
            .Select(path => Path.GetFileNameWithoutExtension(path))];

        List<string> missing = [.. readme.Split('\n')
            .Where(line => line.StartsWith('|'))
            .SelectMany(line => Regex.Matches(line.Split('|')[^2], "`(?<name>[A-Za-z0-9]+)`", RegexOptions.NonBacktracking).Select(match => match.Groups["name"].Value))
            .Where(name => (name.EndsWith("Tests", StringComparison.Ordinal) || name.EndsWith("Target", StringComparison.Ordinal)) && !files.Contains(name))];

        Assert.Empty(missing);
    }

    private static string Between(string text, string start, string end)
    {
        int from = text.IndexOf(start, StringComparison.Ordinal) + start.Length;
        return text[from..text.IndexOf(end, from, StringComparison.Ordinal)];
    }

    private static List<string> Lines(string text) => [.. text.Split('\n').Select(line => line.Trim()).Where(line => line.Length != 0)];
}
