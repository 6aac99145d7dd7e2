using System.Collections.Generic;
using System.IO;
using System.Linq;
using Stack.TestKit;

namespace Stack.Stun.Tests;

/// <summary>The tables below <c>rfc-vectors</c> that are no messages.</summary>
internal static class VectorFiles
{
    /// <summary>The rows of a registry: value, name.</summary>
    public static IEnumerable<(string Value, string Name)> Registry(string registry)
        => File.ReadLines(PathOf("iana/iana-stun-parameters.csv"))
            .Select(line => line.Split(','))
            .Where(cells => cells[0] == registry)
            .Select(cells => (cells[1], cells[2]));

    public static string PathOf(string name) => RepositoryFiles.PathOf("rfc-vectors", name);
}
