using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Stack.Ice;
using Stack.Stun;

namespace Stack.Transport.Tests;

/// <summary>Two connections that tell each other everything, as one line of JSON each time.</summary>
internal sealed class IcePairOfPeers : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _telling = [];

    private IcePairOfPeers(IceConnection left, IceConnection right)
    {
        Left = left;
        Right = right;
    }

    public IceConnection Left { get; }

    public IceConnection Right { get; }

    /// <summary>Connections on loopback, of which none is given up because the machine is slow.</summary>
    public static IceOptions Loopback { get; } = new()
    {
        AllowsLoopback = true,
        InterfaceFilter = static entry => entry.Address.IsLoopback && entry.Address.Family == StunAddressFamily.IPv4,
        Watch = null,
        Tcp = IceTcpCandidates.None,
        ConnectTimeout = TimeSpan.FromMinutes(10),
        GatheringTimeout = TimeSpan.FromMinutes(10),
    };

    public static IcePairOfPeers Create(IceOptions left, IceOptions right)
    {
        var peers = new IcePairOfPeers(
            new IceConnection(left with { Role = IceRole.Controlling }),
            new IceConnection(right with { Role = IceRole.Controlled }));
        peers._telling.Add(peers.TellAsync(peers.Left, peers.Right));
        peers._telling.Add(peers.TellAsync(peers.Right, peers.Left));
        return peers;
    }

    public static async Task<IcePairOfPeers> ConnectAsync(IceOptions left, IceOptions right)
    {
        IcePairOfPeers peers = Create(left, right);
        await peers.ConnectAsync();
        return peers;
    }

    public Task ConnectAsync() => Task.WhenAll(Left.ConnectAsync(), Right.ConnectAsync());

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Left.DisposeAsync();
        await Right.DisposeAsync();
        await Task.WhenAll(_telling);
        _stopping.Dispose();
    }

    private async Task TellAsync(IceConnection from, IceConnection to)
    {
        try
        {
            await foreach (IceSignal signal in from.LocalSignals(_stopping.Token))
            {
                to.AddRemote(signal.ToJson());
            }
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
        {
            // The end of the test.
        }
    }
}
