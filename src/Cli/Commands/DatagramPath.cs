using System;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using Stack.Transport;

namespace Stack.Cli;

/// <summary>Datagrams from one allocation to a peer, which is the other allocation where nobody else is named.</summary>
internal sealed class DatagramPath : IRelayPath
{
    private readonly TurnAllocation _near;
    private readonly IPEndPoint _peer;
    private readonly CancellationTokenSource _stopping = new();
    private Task _echo = Task.CompletedTask;

    private DatagramPath(TurnAllocation near, IPEndPoint peer)
    {
        _near = near;
        _peer = peer;
    }

    public static async Task<DatagramPath> OpenAsync(
        TurnAllocation near, TurnAllocation? far, TurnRequest request, CancellationToken cancellationToken)
    {
        IPEndPoint peer = far?.Relayed ?? request.Peer!;
        await PrepareAsync(near, peer, request, cancellationToken).ConfigureAwait(false);
        if (far is not null)
        {
            await PrepareAsync(far, near.Relayed, request, cancellationToken).ConfigureAwait(false);
        }

        var path = new DatagramPath(near, peer);
        path._echo = far is null ? Task.CompletedTask : EchoAsync(far, near.Relayed, path._stopping.Token);
        return path;
    }

    public ValueTask SendAsync(ReadOnlyMemory<byte> packet, CancellationToken cancellationToken) => _near.SendAsync(packet, _peer, cancellationToken);

    public async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (true)
        {
            TurnDatagram datagram = await _near.ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (datagram.Peer.ToIPEndPoint().Equals(_peer))
            {
                return datagram.Length;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _echo.ConfigureAwait(false);
        _stopping.Dispose();
    }

    private static async Task PrepareAsync(TurnAllocation from, IPEndPoint to, TurnRequest request, CancellationToken cancellationToken)
    {
        await from.PermitAsync(to, cancellationToken).ConfigureAwait(false);
        if (request.Channels == true)
        {
            await from.BindChannelAsync(to, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task EchoAsync(TurnAllocation far, IPEndPoint near, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[ushort.MaxValue];
        try
        {
            while (true)
            {
                TurnDatagram datagram = await far.ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false);
                await far.SendAsync(buffer.AsMemory(0, datagram.Length), near, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or TurnException or ObjectDisposedException)
        {
            // What is missing then is seen at the other end.
        }
    }
}
