using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Text.Json;

namespace Stack.TestKit;

/// <summary>The test vectors of the RFCs, read from the repository's <c>rfc-vectors</c> folder.</summary>
/// <remarks>A name is a path without extension and with forward slashes, such as <c>rfc5769/2.1-sample-request</c>.</remarks>
public static class RfcVectors
{
    private static readonly Lazy<string> Found = new(Find);

    /// <summary>The absolute path of the folder, found from the running assembly upward.</summary>
    public static string Folder => Found.Value;

    /// <summary>The names of all vectors in a folder that have a .hex file, in ordinal order.</summary>
    public static IReadOnlyList<string> Names(string folder)
    {
        var names = new List<string>();
        foreach (string path in Directory.EnumerateFiles(Path.Combine(Folder, folder), "*.hex"))
        {
            names.Add(folder + "/" + Path.GetFileNameWithoutExtension(path));
        }

        names.Sort(StringComparer.Ordinal);
        return names;
    }

    /// <summary>The bytes of NAME.hex; a new array on each call.</summary>
    public static byte[] Bytes(string name)
    {
        var digits = new StringBuilder();
        foreach (char c in File.ReadAllText(Path.Combine(Folder, name + ".hex")))
        {
            if (!char.IsWhiteSpace(c))
            {
                digits.Append(c);
            }
        }

        return Convert.FromHexString(digits.ToString());
    }

    /// <summary>What NAME.json says that a parser should find.</summary>
    public static JsonElement Fields(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, name + ".json")));
        return document.RootElement.Clone();
    }

    private static string Find()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            string candidate = Path.Combine(at.FullName, "rfc-vectors");
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        throw new DirectoryNotFoundException("No rfc-vectors folder above " + AppContext.BaseDirectory);
    }
}
