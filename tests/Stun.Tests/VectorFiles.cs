using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Stack.TestKit;

namespace Stack.Stun.Tests;

/// <summary>Reads the vectors below <c>rfc-vectors</c>.</summary>
internal static class VectorFiles
{
    /// <summary>The vector's bytes.</summary>
    /// <param name="name">Directory and name, without extension: <c>rfc5769/2.1-sample-request</c>.</param>
    public static byte[] Bytes(string name)
        => Convert.FromHexString(string.Concat(File.ReadAllText(PathOf(name + ".hex")).Where(c => !char.IsWhiteSpace(c))));

    /// <summary>What a parser should find in it.</summary>
    public static JsonElement Expected(string name)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(PathOf(name + ".json")));
        return document.RootElement.Clone();
    }

    /// <summary>The rows of a registry: value, name.</summary>
    public static IEnumerable<(string Value, string Name)> Registry(string registry)
        => File.ReadLines(PathOf("iana/iana-stun-parameters.csv"))
            .Select(line => line.Split(','))
            .Where(cells => cells[0] == registry)
            .Select(cells => (cells[1], cells[2]));

    public static string PathOf(string name) => RepositoryFiles.PathOf("rfc-vectors", name);
}
