using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Stack.Transport;

namespace Stack.Cli;

/// <summary>A TCP connection through a relay (RFC 6062) to a peer, which is the other allocation where nobody else is named.</summary>
internal sealed class StreamPath : IRelayPath
{
    private readonly Stream _near;
    private readonly Task _echo;
    private readonly TurnPeerConnection? _far;

    private StreamPath(Stream near, TurnPeerConnection? far)
    {
        _near = near;
        _far = far;
        _echo = far is null ? Task.CompletedTask : EchoAsync(far.Stream);
    }

    public static async Task<StreamPath> OpenAsync(TurnAllocation near, TurnAllocation? far, TurnRequest request, CancellationToken cancellationToken)
    {
        if (far is null)
        {
            await near.PermitAsync(request.Peer!, cancellationToken).ConfigureAwait(false);
            return new StreamPath(await near.ConnectAsync(request.Peer!, cancellationToken).ConfigureAwait(false), far: null);
        }

        await near.PermitAsync(far.Relayed, cancellationToken).ConfigureAwait(false);
        await far.PermitAsync(near.Relayed, cancellationToken).ConfigureAwait(false);
        Task<TurnPeerConnection> accepting = far.AcceptAsync(cancellationToken);
        Stream stream = await near.ConnectAsync(far.Relayed, cancellationToken).ConfigureAwait(false);
        return new StreamPath(stream, await accepting.ConfigureAwait(false));
    }

    public ValueTask SendAsync(ReadOnlyMemory<byte> packet, CancellationToken cancellationToken) => _near.WriteAsync(packet, cancellationToken);

    public async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        => await _near.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: true, cancellationToken).ConfigureAwait(false);

    public async ValueTask DisposeAsync()
    {
        await _near.DisposeAsync().ConfigureAwait(false);
        if (_far is not null)
        {
            await _far.DisposeAsync().ConfigureAwait(false);
        }

        await _echo.ConfigureAwait(false);
    }

    private static async Task EchoAsync(Stream far)
    {
        byte[] buffer = new byte[ushort.MaxValue];
        try
        {
            while (await far.ReadAsync(buffer).ConfigureAwait(false) is > 0 and int length)
            {
                await far.WriteAsync(buffer.AsMemory(0, length)).ConfigureAwait(false);
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // The test has ended.
        }
    }
}
