using System;
using System.IO;
using System.Reflection;
using Xunit;

namespace Stack.TestKit;

/// <summary>Holds the public API of a project against the file that was last accepted.</summary>
public static class PublicApiBaseline
{
    private const string Accept = "STACK_ACCEPT_PUBLIC_API";

    /// <summary>
    /// Compares; on a difference leaves the new text below TestResults/artifacts and fails. With STACK_ACCEPT_PUBLIC_API=1 the new text
    /// becomes the accepted one.
    /// </summary>
    /// <param name="assembly">The assembly.</param>
    /// <param name="project">Its directory: <c>src/Stun</c>.</param>
    public static void Verify(Assembly assembly, string project)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        string accepted = RepositoryFiles.PathOf(project, "PublicApi.txt");
        string actual = PublicApiText.Describe(assembly);
        if (Environment.GetEnvironmentVariable(Accept) == "1")
        {
            File.WriteAllText(accepted, actual);
            return;
        }

        string expected = File.Exists(accepted) ? File.ReadAllText(accepted).ReplaceLineEndings("\n") : "";
        if (expected == actual)
        {
            return;
        }

        Directory.CreateDirectory(RepositoryFiles.Artifacts);
        string received = Path.Combine(RepositoryFiles.Artifacts, assembly.GetName().Name + ".PublicApi.txt");
        File.WriteAllText(received, actual);
        Assert.Fail(
            $"The public API of {project} is not the one of {project}/PublicApi.txt. {FirstDifference(expected, actual)}\n"
            + $"The new text is in {Path.GetRelativePath(RepositoryFiles.Root, received)}; compare the two with diff. "
            + $"If the change is meant, run this test once with {Accept}=1 and commit the file.");
    }

    private static string FirstDifference(string expected, string actual)
    {
        string[] before = expected.Split('\n');
        string[] after = actual.Split('\n');
        int line = 0;
        while (line < before.Length && line < after.Length && before[line] == after[line])
        {
            line++;
        }

        return $"First difference in line {line + 1}:\n- {(line < before.Length ? before[line] : "(end)")}\n+ {(line < after.Length ? after[line] : "(end)")}";
    }
}
