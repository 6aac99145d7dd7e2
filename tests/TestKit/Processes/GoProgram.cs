using System;
using System.Collections.Generic;
using System.IO;
using System.Threading.Tasks;

namespace Stack.TestKit;

/// <summary>Builds a Go program from its sources and the packages that Debian installs, without a network.</summary>
public static class GoProgram
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(15);

    /// <summary>Builds one. Programs built one after the other into the same folder share the packages compiled so far.</summary>
    /// <param name="source">The folder with its <c>.go</c> files.</param>
    /// <param name="folder">Where the compiler's cache goes.</param>
    /// <param name="output">The path of the program.</param>
    /// <exception cref="InvalidOperationException">It does not compile; the message holds the compiler's words.</exception>
    public static async Task BuildAsync(string source, TemporaryFolder folder, string output)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["GO111MODULE"] = "off",
            ["GOPATH"] = $"{folder.File("gopath")}:/usr/share/gocode",
            ["GOCACHE"] = folder.File("gocache"),
        };
        await using LabProcess build = LabProcess.Start("nice", ["-n", "19", "go", "build", "-o", output, .. Directory.GetFiles(source, "*.go")], environment);
        ProcessResult result = await build.WaitForExitAsync(Timeout);
        if (result.ExitCode != 0)
        {
            throw new InvalidOperationException(result.ToString());
        }
    }
}
