using System;
using System.Buffers;
using System.IO;
using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Threading;
using System.Threading.Tasks;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>
/// Serves one TCP or TLS connection after the other's pattern: requests are cut out of the stream and answered in order. Whatever goes wrong
/// ends this connection and no other.
/// </summary>
internal sealed class StreamBindingServer(
    BindingResponder responder,
    StunConnectionLimits limits,
    SslStreamCertificateContext? certificate,
    ConnectionQuota quota,
    StunServerMetrics metrics,
    TimeProvider timeProvider) : IStreamService
{
    private readonly StunStreamFramer _framer = new(limits.MaxMessageSize);

    private StunTransport Transport => certificate is null ? StunTransport.Tcp : StunTransport.Tls;

    public bool TryAdmit(TransportAddress remote) => quota.TryEnter(remote);

    public void Release(TransportAddress remote) => quota.Leave(remote);

    public void CountConnection(string outcome) => metrics.CountConnection(outcome);

    public async Task ServeAsync(Socket socket, TransportAddress remote, CancellationToken stopping)
    {
        string outcome = "closed";
        try
        {
            socket.NoDelay = true;
            TransportAddress local = TransportAddress.FromIPEndPoint((IPEndPoint)socket.LocalEndPoint!).Unmapped;
            Stream stream = new NetworkStream(socket, ownsSocket: false);
            await using (stream.ConfigureAwait(false))
            {
                if (certificate is not null)
                {
                    stream = await AuthenticateAsync(stream, certificate, stopping).ConfigureAwait(false);
                }

                await using (stream.ConfigureAwait(false))
                {
                    outcome = await ServeAsync(stream, remote, local, stopping).ConfigureAwait(false);
                }
            }
        }
        catch (AuthenticationException)
        {
            outcome = "tls-failed";
        }
        catch (OperationCanceledException)
        {
            outcome = stopping.IsCancellationRequested ? "stopped" : "timed-out";
        }
        catch (Exception error) when (error is IOException or SocketException or ObjectDisposedException)
        {
            outcome = "reset";
        }
        catch (Exception)
        {
            // A defect of ours that one peer brings to light ends its connection and must be seen.
            metrics.CountFault();
            outcome = "failed";
        }

        metrics.CountConnection(outcome);
    }

    private async Task<Stream> AuthenticateAsync(Stream inner, SslStreamCertificateContext leaf, CancellationToken stopping)
    {
        using Deadline deadline = new(limits.HandshakeTimeout, timeProvider, stopping);
        return await ServerTls.AuthenticateAsync(inner, leaf, deadline.Token).ConfigureAwait(false);
    }

    private async Task<string> ServeAsync(Stream stream, TransportAddress remote, TransportAddress local, CancellationToken stopping)
    {
        // The buffer grows with the bytes that have arrived, never with the length that a header promises.
        PipeReader reader = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 512, minimumReadSize: 64, leaveOpen: true));
        byte[] response = new byte[BindingServer.MinReplyBuffer];
        Deadline deadline = new(limits.FirstRequestTimeout, timeProvider, stopping);
        try
        {
            while (true)
            {
                ReadResult result = await reader.ReadAsync(deadline.Token).ConfigureAwait(false);
                ReadOnlySequence<byte> rest = result.Buffer;
                StunFrameStatus status;
                while ((status = _framer.Read(rest, out ReadOnlySequence<byte> frame, out int consumed, out _)) == StunFrameStatus.Frame)
                {
                    ReadOnlyMemory<byte> request = frame.IsSingleSegment ? frame.First : frame.ToArray();
                    rest = rest.Slice(consumed);
                    if (!await AnswerAsync(stream, request, remote, local, response, stopping).ConfigureAwait(false))
                    {
                        return "not-stun";
                    }

                    deadline.Dispose();
                    deadline = new(limits.IdleTimeout, timeProvider, stopping);
                }

                reader.AdvanceTo(rest.Start, rest.End);
                if (status != StunFrameStatus.NeedMore)
                {
                    return status == StunFrameStatus.TooLarge ? "too-large" : "not-stun";
                }

                if (result.IsCompleted)
                {
                    return "closed";
                }
            }
        }
        finally
        {
            deadline.Dispose();
            await reader.CompleteAsync().ConfigureAwait(false);
        }
    }

    // False where the message does not parse: the stream may be out of step, so that nothing behind it can be trusted.
    private async Task<bool> AnswerAsync(
        Stream stream,
        ReadOnlyMemory<byte> request,
        TransportAddress remote,
        TransportAddress local,
        byte[] response,
        CancellationToken stopping)
    {
        if (!responder.TryRespond(request.Span, remote, local, Transport, response, out BindingReply reply))
        {
            return StunMessage.Decode(request.Span, out _) == StunDecodeStatus.Ok;
        }

        using Deadline deadline = new(limits.SendTimeout, timeProvider, stopping);
        await stream.WriteAsync(response.AsMemory(0, reply.Length), deadline.Token).ConfigureAwait(false);
        return true;
    }
}
