using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using System.Threading.Tasks;
using Stack.TestKit;

namespace Stack.Interop.Tests;

/// <summary>One run of each foreign client in a lab of each kind, all started together by the first test that asks: they mostly
/// wait.</summary>
[SuppressMessage("Performance", "CA1812:Avoid uninstantiated internal classes", Justification = "Created by xunit.")]
public sealed class NatLabSurvey
{
    private readonly Lazy<Dictionary<NatKind, Task<NatLabVerdict>>> _verdicts = new(
        () => Enum.GetValues<NatKind>().ToDictionary(kind => kind, kind => Task.Run(() => AskAsync(new NatLabOptions { First = kind }))));

    /// <summary>What the clients say about a kind.</summary>
    public Task<NatLabVerdict> AskAsync(NatKind kind) => _verdicts.Value[kind];

    /// <summary>Builds a lab with coturn in it, asks both clients and removes the lab.</summary>
    public static async Task<NatLabVerdict> AskAsync(NatLabOptions options)
    {
        await using NatLab lab = await NatLab.CreateAsync(options);
        await using CoturnServer server = await CoturnServer.StartAsync(
            new CoturnOptions { Host = lab.Server, BehaviorDiscovery = true, Lines = ["no-auth"] });

        // One after the other: each sees a NAT that the other has not touched in the same instant.
        int classic = await VovidaStun.ClassifyAsync(lab.FirstClient, server.EndPoint);
        NatDiscoveryLines lines = await TurnutilsNatDiscovery.RunAsync(lab.FirstClient, server.EndPoint);
        return new NatLabVerdict(lines, classic, lab.First.PublicAddresses);
    }
}
