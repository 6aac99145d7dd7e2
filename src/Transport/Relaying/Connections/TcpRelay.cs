using System;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.Turn;

namespace Stack.Transport;

/// <summary>The TCP socket of a relayed transport address: accepts the connections of peers, one at a time (RFC 6062 section 5.3).</summary>
internal sealed class TcpRelay : IDisposable
{
    private static readonly TimeSpan AcceptBackoff = TimeSpan.FromMilliseconds(100);

    private readonly RelayShard _shard;
    private readonly Socket _socket;
    private readonly CancellationTokenSource _ending = new();

    private TcpRelay(RelayShard shard, RelayId id, TransportAddress local, Socket socket)
    {
        _shard = shard;
        Id = id;
        Local = local;
        _socket = socket;
    }

    public RelayId Id { get; }

    public TransportAddress Local { get; }

    public bool IsClosed => _ending.IsCancellationRequested;

    public static TcpRelay Open(RelayShard shard, RelayId id, TransportAddress local)
    {
        var relay = new TcpRelay(shard, id, local, RelaySockets.Listen(local));
        shard.Peers.Tasks.Add(Task.Run(relay.AcceptAsync));
        return relay;
    }

    public void Dispose()
    {
        _ = _ending.CancelAsync();
        _socket.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!IsClosed)
        {
            try
            {
                Socket peer = await _socket.AcceptAsync(_ending.Token).ConfigureAwait(false);
                await AdmitAsync(peer).ConfigureAwait(false);
            }
            catch (SocketException) when (!IsClosed)
            {
                // Out of descriptors, or a connection that was gone before it was accepted: neither may end the relay, nor spin.
                await PauseAsync().ConfigureAwait(false);
            }
            catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                return;
            }
        }
    }

    // The state machine judges each before the next one is accepted.
    private async Task AdmitAsync(Socket peer)
    {
        var judged = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _shard.Post(new ShardCall(
            shard =>
            {
                try
                {
                    shard.Peers.Accept(this, peer);
                }
                finally
                {
                    judged.TrySetResult();
                }
            },
            () =>
            {
                peer.Dispose();
                judged.TrySetResult();
            }));
        await judged.Task.ConfigureAwait(false);
    }

    private async Task PauseAsync()
    {
        try
        {
            await Task.Delay(AcceptBackoff, _shard.TimeProvider, _ending.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The loop sees it too.
        }
    }
}
