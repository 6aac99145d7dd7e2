using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;

namespace Stack.TestKit;

/// <summary>What the sources of a project have to look like. Each rule returns the files that break it, with the reason.</summary>
public static partial class SourceRules
{
    public const int MaxLines = 400;

    // Names that say nothing about what a type is. DATA and ChannelData are words of the protocols.
    private static readonly string[] EmptyWords = ["Manager", "Helper", "Helpers", "Utils", "Util", "Utility", "Utilities", "Processor", "Impl", "Data", "Info"];
    private static readonly string[] ProtocolWords = ["ChannelData", "DataIndication", "DataAttribute", "DataConnection", "DataChannel"];

    public static IEnumerable<string> TooLongFiles(string project) => RepositoryFiles.Sources(project)
        .Select(path => (Path: path, Lines: File.ReadLines(path).Count()))
        .Where(file => file.Lines > MaxLines)
        .Select(file => $"{Short(file.Path)} has {file.Lines} lines");

    /// <summary>One public type per file, and the file is named like it; a partial type's other files begin with its name.</summary>
    public static IEnumerable<string> MisnamedFiles(string project)
    {
        foreach (string path in RepositoryFiles.Sources(project))
        {
            Match[] types = [.. (IEnumerable<Match>)TopLevelType().Matches(File.ReadAllText(path))];
            Match[] visible = [.. types.Where(type => type.Groups["modifiers"].Value.Contains("public", StringComparison.Ordinal))];
            if (visible.Length > 1)
            {
                yield return $"{Short(path)} has {visible.Length} public types";
            }

            Match? named = visible.FirstOrDefault() ?? types.FirstOrDefault();
            string file = Path.GetFileNameWithoutExtension(path);
            if (named is null)
            {
                if (file != "Program")
                {
                    yield return $"{Short(path)} has no type";
                }

                continue;
            }

            string name = named.Groups["name"].Value;
            bool partial = named.Groups["modifiers"].Value.Contains("partial", StringComparison.Ordinal);
            if (partial ? !file.StartsWith(name, StringComparison.Ordinal) : file != name)
            {
                yield return $"{Short(path)} is the file of {name}";
            }
        }
    }

    public static IEnumerable<string> EmptyNames(string project) => RepositoryFiles.Sources(project)
        .SelectMany(path => AnyType().Matches(File.ReadAllText(path)).Select(type => (Path: path, Name: type.Groups["name"].Value)))
        .Where(type => IsEmptyName(type.Name))
        .Select(type => $"{Short(type.Path)}: {type.Name} says nothing");

    public static bool IsEmptyName(string name)
    {
        foreach (string word in ProtocolWords)
        {
            name = name.Replace(word, "", StringComparison.Ordinal);
        }

        return Word().Matches(name).Any(word => EmptyWords.Contains(word.Value));
    }

    private static string Short(string path) => Path.GetRelativePath(RepositoryFiles.Root, path);

    [GeneratedRegex(
        @"^(?<modifiers>(?:(?:public|internal|file|static|sealed|abstract|readonly|ref|partial|unsafe) )+)(?:record struct|record class|class|struct|enum|interface|record|delegate [^ ]+) (?<name>\w+)",
        RegexOptions.Multiline | RegexOptions.CultureInvariant,
        60_000)]
    private static partial Regex TopLevelType();

    [GeneratedRegex(
        @"^ *(?:(?:public|internal|private|protected|file|static|sealed|abstract|readonly|ref|partial|unsafe|new) )*(?:record struct|record class|class|struct|enum|interface|record) (?<name>\w+)",
        RegexOptions.Multiline | RegexOptions.CultureInvariant,
        60_000)]
    private static partial Regex AnyType();

    [GeneratedRegex("[A-Z][a-z0-9]*", RegexOptions.CultureInvariant, 60_000)]
    private static partial Regex Word();
}
