using System;
using System.Collections.Generic;

namespace Stack.TestKit;

/// <summary>A program that speaks the line protocol of <c>stackcli ice</c>, see docs/nat-lab.md.</summary>
/// <param name="Name">What tables and messages call it.</param>
/// <param name="File">The program.</param>
/// <param name="Arguments">What stands before the arguments of the agent.</param>
public sealed record IceProgram(string Name, string File, params IReadOnlyList<string> Arguments)
{
    /// <summary>The script on aioice; needs <see cref="Requirement.Aioice"/>.</summary>
    public static IceProgram Aioice { get; } =
        new("aioice", "/usr/bin/python3", RepositoryFiles.PathOf("tests", "Interop.Tests", "aioice", "ice.py"));

    /// <summary>The program on pion/ice.</summary>
    /// <param name="path">Where it was built to.</param>
    public static IceProgram Pion(string path) => new("pion", path);

    /// <summary>Ours.</summary>
    /// <param name="path">The path of <c>stackcli.dll</c> or of the executable.</param>
    public static IceProgram Stack(string path) =>
        path.EndsWith(".dll", StringComparison.Ordinal) ? new("ours", "dotnet", path, "ice", "--json") : new("ours", path, "ice", "--json");

    /// <inheritdoc/>
    public override string ToString() => Name;
}
