using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Stack.TestKit;

namespace Stack.Interop.Tests;

/// <summary>One run of each foreign client in a lab of each kind, all started by the first test that asks, a few at a time.</summary>
[SuppressMessage("Performance", "CA1812:Avoid uninstantiated internal classes", Justification = "Created by xunit.")]
public sealed class NatLabSurvey
{
    private static readonly SemaphoreSlim Room = new(3);

    private readonly Lazy<Dictionary<NatKind, Task<NatLabVerdict>>> _verdicts = new(
        () => Enum.GetValues<NatKind>().ToDictionary(kind => kind, kind => Task.Run(() => AskInTurnAsync(new NatLabOptions { First = kind }))));

    /// <summary>
    /// What the clients say about a kind. They have no patience (Vovida's gives up after 0.9 s, coturn's sends once): a verdict that is not as
    /// expected is sought once more.
    /// </summary>
    public async Task<NatLabVerdict> AskAsync(NatKind kind, Func<NatLabVerdict, bool> isExpected)
    {
        NatLabVerdict verdict = await _verdicts.Value[kind];
        return isExpected(verdict) ? verdict : await AskInTurnAsync(new NatLabOptions { First = kind });
    }

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

    private static async Task<NatLabVerdict> AskInTurnAsync(NatLabOptions options)
    {
        await Room.WaitAsync();
        try
        {
            return await AskAsync(options);
        }
        finally
        {
            Room.Release();
        }
    }
}
