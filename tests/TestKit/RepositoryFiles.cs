using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Stack.TestKit;

/// <summary>The files of the repository that the tests were built in.</summary>
public static class RepositoryFiles
{
    /// <summary>The directory of <c>Stack.sln</c>.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Where tests leave files for people; ignored by git.</summary>
    public static string Artifacts => Path.Combine(Root, "TestResults", "artifacts");

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>The C# files below a directory, without what the build wrote.</summary>
    public static IEnumerable<string> Sources(string directory) => Directory
        .EnumerateFiles(PathOf(directory), "*.cs", SearchOption.AllDirectories)
        .Where(path => !Path.GetRelativePath(Root, path).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))
        .Order(StringComparer.Ordinal);

    private static string FindRoot()
    {
        for (DirectoryInfo? directory = new(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "Stack.sln")))
            {
                return directory.FullName;
            }
        }

        throw new DirectoryNotFoundException("No directory above the test assembly has Stack.sln.");
    }
}
