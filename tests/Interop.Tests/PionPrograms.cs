using System;
using System.Collections.Generic;
using System.IO;
using System.Threading.Tasks;
using Stack.TestKit;

namespace Stack.Interop.Tests;

/// <summary>
/// The small programs on pion/stun and pion/turn, built by the first test that asks, from the sources beside these tests and Debian's pion packages.
/// </summary>
public sealed class PionPrograms : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private Task? _build;
    private Task? _turnBuild;

    /// <summary>Where the sources are.</summary>
    public static string Sources { get; } = RepositoryFiles.PathOf("tests", "Interop.Tests", "pion");

    public async Task<string> ClientAsync()
    {
        await (_build ??= BuildAsync("client", "server"));
        return _folder.File("pion-client");
    }

    public async Task<string> ServerAsync()
    {
        await (_build ??= BuildAsync("client", "server"));
        return _folder.File("pion-server");
    }

    public async Task<string> TurnClientAsync()
    {
        await (_turnBuild ??= BuildAsync("turnclient", "turnserver"));
        return _folder.File("pion-turnclient");
    }

    public async Task<string> TurnServerAsync()
    {
        await (_turnBuild ??= BuildAsync("turnclient", "turnserver"));
        return _folder.File("pion-turnserver");
    }

    public void Dispose() => _folder.Dispose();

    private async Task BuildAsync(params string[] names)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["GO111MODULE"] = "off",
            ["GOPATH"] = $"{_folder.File("gopath")}:/usr/share/gocode",
            ["GOCACHE"] = _folder.File("gocache"),
        };
        foreach (string name in names)
        {
            // Built one after the other: they share most of their packages.
            string output = _folder.File($"pion-{name}");
            await BuildOneAsync(Path.Combine(Sources, name), output, environment);
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
