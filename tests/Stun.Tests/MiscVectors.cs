using System;
using System.IO;
using System.Text.Json;

namespace Stack.Stun.Tests;

/// <summary>Reads <c>rfc-vectors/misc</c> from the repository that the tests were built in.</summary>
internal static class MiscVectors
{
    public static JsonElement Load(string fileName)
    {
        for (DirectoryInfo? directory = new(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            string path = Path.Combine(directory.FullName, "rfc-vectors", "misc", fileName);
            if (File.Exists(path))
            {
                using JsonDocument document = JsonDocument.Parse(File.ReadAllText(path));
                return document.RootElement.Clone();
            }
        }

        throw new FileNotFoundException("No rfc-vectors/misc above the test assembly has " + fileName);
    }
}
