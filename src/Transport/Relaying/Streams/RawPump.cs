using System;
using System.Buffers;
using System.IO;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace Stack.Transport;

/// <summary>
/// Carries bytes between a client's connection and a peer's as they are (RFC 6062 section 5.4). Each direction waits for its reader, so that
/// nothing piles up. Once one side has ended, the other has the stall time between any two pieces to end too.
/// </summary>
internal sealed class RawPump(
    TurnStreamConnection client,
    PipeReader reader,
    StreamEnds ends,
    PeerConnection peer,
    ShardCounters counters,
    TimeSpan stallTimeout)
{
    private const int BufferSize = 16 * 1024;

    private volatile bool _halfClosed;

    public async Task RunAsync()
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(client.Ending, peer.Ending);
        Task<bool> toPeer = GuardAsync(CarryToPeerAsync(either.Token));
        Task<bool> toClient = GuardAsync(CarryToClientAsync(either.Token));
        Task<bool> first = await Task.WhenAny(toPeer, toClient).ConfigureAwait(false);
        if (await first.ConfigureAwait(false))
        {
            _halfClosed = true;
            client.Times.ExpectWithin(stallTimeout);
        }
        else
        {
            await either.CancelAsync().ConfigureAwait(false);
        }

        await Task.WhenAll(toPeer, toClient).ConfigureAwait(false);
    }

    // False where the direction broke off.
    private static async Task<bool> GuardAsync(Task carrying)
    {
        try
        {
            await carrying.ConfigureAwait(false);
            return true;
        }
        catch (Exception error) when (error is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            return false;
        }
    }

    private async Task CarryToPeerAsync(CancellationToken ending)
    {
        while (true)
        {
            ReadResult result = await reader.ReadAsync(ending).ConfigureAwait(false);
            foreach (ReadOnlyMemory<byte> segment in result.Buffer)
            {
                for (int sent = 0; sent < segment.Length;)
                {
                    sent += await peer.Socket.SendAsync(segment[sent..], SocketFlags.None, ending).ConfigureAwait(false);
                }

                counters.CountStreamedToPeer(segment.Length);
            }

            reader.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
            {
                peer.Socket.Shutdown(SocketShutdown.Send);
                return;
            }

            Continue();
        }
    }

    private async Task CarryToClientAsync(CancellationToken ending)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            int length;
            while ((length = await peer.Socket.ReceiveAsync(buffer, SocketFlags.None, ending).ConfigureAwait(false)) != 0)
            {
                await ends.Stream.WriteAsync(buffer.AsMemory(0, length), ending).ConfigureAwait(false);
                counters.CountStreamedToClient(length);
                Continue();
            }

            await ends.ShutdownAsync().ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Continue()
    {
        if (_halfClosed)
        {
            client.Times.ExpectWithin(stallTimeout);
        }
    }
}
