using System;
using System.Collections.Generic;
using System.IO;

namespace Stack.Fuzz;

/// <summary>The seed inputs of a folder.</summary>
public sealed class FuzzCorpus
{
    private FuzzCorpus(string[] names, byte[][] entries)
    {
        Names = names;
        Entries = entries;
    }

    /// <summary>File names without extension, in ordinal order.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The bytes of each, never empty as a list; not to be written.</summary>
    public IReadOnlyList<byte[]> Entries { get; }

    /// <summary>Reads all .bin files of a folder. Their order is fixed, because inputs are named by seed and index.</summary>
    /// <exception cref="InvalidDataException">The folder holds none.</exception>
    public static FuzzCorpus Load(string folder)
    {
        string[] paths = Directory.GetFiles(folder, "*.bin");
        Array.Sort(paths, StringComparer.Ordinal);
        if (paths.Length == 0)
        {
            throw new InvalidDataException("No .bin file in " + folder);
        }

        return new FuzzCorpus(
            Array.ConvertAll(paths, path => Path.GetFileNameWithoutExtension(path)),
            Array.ConvertAll(paths, File.ReadAllBytes));
    }

    /// <summary>Finds the folder fuzz/corpora/NAME from the running assembly upward.</summary>
    /// <exception cref="DirectoryNotFoundException">There is none.</exception>
    public static string Find(string name)
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            string candidate = Path.Combine(at.FullName, "fuzz", "corpora", name);
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        throw new DirectoryNotFoundException($"No fuzz/corpora/{name} above {AppContext.BaseDirectory}");
    }
}
