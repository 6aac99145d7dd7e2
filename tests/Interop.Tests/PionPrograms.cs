using System;
using System.Collections.Generic;
using System.IO;
using System.Threading.Tasks;
using Stack.TestKit;

namespace Stack.Interop.Tests;

/// <summary>
/// The two small programs on pion/stun, built by the first test that asks, from the sources beside these tests and Debian's pion packages.
/// </summary>
public sealed class PionPrograms : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private Task? _build;

    public async Task<string> ClientAsync()
    {
        await (_build ??= BuildAsync());
        return _folder.File("pion-client");
    }

    public async Task<string> ServerAsync()
    {
        await (_build ??= BuildAsync());
        return _folder.File("pion-server");
    }

    public void Dispose() => _folder.Dispose();

    private async Task BuildAsync()
    {
        string sources = Path.Combine(Path.GetDirectoryName(RfcVectors.Folder)!, "tests", "Interop.Tests", "pion");
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["GO111MODULE"] = "off",
            ["GOPATH"] = $"{_folder.File("gopath")}:/usr/share/gocode",
            ["GOCACHE"] = _folder.File("gocache"),
        };
        foreach (string name in new[] { "client", "server" })
        {
            // Built one after the other: they share most of their packages.
            string output = _folder.File($"pion-{name}");
            await BuildOneAsync(Path.Combine(sources, name), output, environment);
        }
    }

    private static async Task BuildOneAsync(string source, string output, Dictionary<string, string> environment)
    {
        await using LabProcess build = LabProcess.Start("go", ["build", "-o", output, Path.Combine(source, "main.go")], environment);
        ProcessResult result = await build.WaitForExitAsync(TimeSpan.FromMinutes(5));
        if (result.ExitCode != 0)
        {
            throw new InvalidOperationException(result.ToString());
        }
    }
}
