using System;
using System.IO;
using System.Threading.Tasks;
using Stack.TestKit;

namespace Stack.Interop.Tests;

/// <summary>
/// The small programs on pion/stun, pion/turn and pion/ice, built by the first test that asks, from the sources beside these tests and Debian's pion packages.
/// </summary>
public sealed class PionPrograms : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private Task? _build;
    private Task? _turnBuild;
    private Task? _iceBuild;

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

    public async Task<IceProgram> IceAsync()
    {
        await (_iceBuild ??= BuildAsync("ice"));
        return IceProgram.Pion(_folder.File("pion-ice"));
    }

    public void Dispose() => _folder.Dispose();

    private async Task BuildAsync(params string[] names)
    {
        foreach (string name in names)
        {
            // Built one after the other: they share most of their packages.
            await GoProgram.BuildAsync(Path.Combine(Sources, name), _folder, _folder.File($"pion-{name}"));
        }
    }
}
