using System;
using System.IO;

namespace Stack.TestKit;

/// <summary>A new, empty folder that only the current user can read; disposing deletes it with its contents.</summary>
public sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("stack-test-");

    /// <summary>The absolute path of the folder.</summary>
    public string Path => _folder.FullName;

    /// <summary>Writes a text file.</summary>
    /// <returns>Its absolute path.</returns>
    public string Write(string name, string text)
    {
        string path = File(name);
        System.IO.File.WriteAllText(path, text);
        return path;
    }

    /// <summary>The absolute path of a file in the folder, existing or not.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_folder.Exists)
        {
            _folder.Delete(recursive: true);
        }
    }
}
