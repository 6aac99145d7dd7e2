using System;
using System.Buffers;
using System.IO;
using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>A TCP connection to a server, with TLS or without (RFC 8489 section 6.2.2). STUN is the only protocol on it.</summary>
internal sealed class StreamConnection : StunConnection
{
    private const int SendQueueCapacity = 64;

    private readonly Stream _stream;
    private readonly TransactionDriver _driver;
    private readonly TransportAddress _server;
    private readonly StunStreamFramer _framer = new(StunMessage.MaxSize);
    private readonly Channel<byte[]> _outgoing = Channel.CreateBounded<byte[]>(SendQueueCapacity);
    private readonly CancellationTokenSource _stopping = new();
    private Task _loops = Task.CompletedTask;

    private StreamConnection(Stream stream, TransportAddress server, StunTransport transport, StunClientOptions options)
    {
        _stream = stream;
        _server = server;
        _driver = new TransactionDriver(new TransactionTable(options.Schedule), new MonotonicClock(options.TimeProvider), Send, options.GetTrace(transport));
    }

    public static async Task<StreamConnection> OpenAsync(
        IPEndPoint server,
        string host,
        StunTransport transport,
        StunClientOptions options,
        CancellationToken cancellationToken)
    {
        var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Stream? stream = null;
        try
        {
            if (options.Local is { } local)
            {
                socket.Bind(local);
            }

            await socket.ConnectAsync(server, cancellationToken).ConfigureAwait(false);
            var localEndPoint = (IPEndPoint)socket.LocalEndPoint!;
            stream = new NetworkStream(socket, ownsSocket: true);
            if (transport == StunTransport.Tls)
            {
                stream = await AuthenticateAsync(stream, host, options.Tls, cancellationToken).ConfigureAwait(false);
            }

            var connection = new StreamConnection(stream, TransportAddress.FromIPEndPoint(server), transport, options)
            {
                Server = server,
                Local = localEndPoint,
                Transport = transport,
            };
            connection._loops = Task.WhenAll(connection.ReceiveAsync(), connection.SendAsync());
            return connection;
        }
        catch
        {
            if (stream is not null)
            {
                await stream.DisposeAsync().ConfigureAwait(false);
            }

            socket.Dispose();
            throw;
        }
    }

    public override Task<RequestTransaction> ExecuteAsync(
        ReadOnlyMemory<byte> request,
        IClientCredential? credential,
        CancellationToken cancellationToken)
        => _driver.ExecuteAsync(request, _server, credential, reliable: true, cancellationToken);

    public override async ValueTask DisposeAsync()
    {
        _driver.Dispose();
        _outgoing.Writer.TryComplete();
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _stream.DisposeAsync().ConfigureAwait(false);
        await _loops.ConfigureAwait(false);
        _stopping.Dispose();
    }

    private static async Task<Stream> AuthenticateAsync(Stream inner, string host, StunTlsOptions options, CancellationToken cancellationToken)
    {
        var tls = new SslStream(inner, leaveInnerStreamOpen: false);
        var authentication = new SslClientAuthenticationOptions
        {
            TargetHost = options.ExpectedHost ?? host,
            ApplicationProtocols = [StunApplicationProtocols.NatDiscovery],
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        };
        if (options.CustomRoots is { } roots)
        {
            var policy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            policy.CustomTrustStore.AddRange(roots);
            authentication.CertificateChainPolicy = policy;
        }

        if (options.AcceptAnyCertificate)
        {
#pragma warning disable CA5359 // The caller has asked for just this, in an option that says what it costs.
            authentication.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        }

        try
        {
            await tls.AuthenticateAsClientAsync(authentication, cancellationToken).ConfigureAwait(false);
            return tls;
        }
        catch
        {
            await tls.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private bool Send(ReadOnlySpan<byte> message, TransportAddress destination) => _outgoing.Writer.TryWrite(message.ToArray());

    private async Task SendAsync()
    {
        try
        {
            await foreach (byte[] message in _outgoing.Reader.ReadAllAsync(_stopping.Token).ConfigureAwait(false))
            {
                await _stream.WriteAsync(message, _stopping.Token).ConfigureAwait(false);
            }
        }
        catch (Exception error) when (IsEndOfConnection(error))
        {
            _driver.HandleConnectionLost();
        }
    }

    private async Task ReceiveAsync()
    {
        PipeReader reader = PipeReader.Create(_stream, new StreamPipeReaderOptions(leaveOpen: true));
        try
        {
            while (true)
            {
                ReadResult result = await reader.ReadAsync(_stopping.Token).ConfigureAwait(false);
                ReadOnlySequence<byte> rest = result.Buffer;
                bool inStep = TakeFrames(ref rest);
                reader.AdvanceTo(rest.Start, rest.End);
                if (!inStep || result.IsCompleted)
                {
                    break;
                }
            }
        }
        catch (Exception error) when (IsEndOfConnection(error))
        {
            // Reported below, as an orderly end is.
        }

        _driver.HandleConnectionLost();
        await reader.CompleteAsync().ConfigureAwait(false);
    }

    private bool TakeFrames(ref ReadOnlySequence<byte> buffer)
    {
        while (true)
        {
            switch (_framer.Read(buffer, out ReadOnlySequence<byte> frame, out int consumed, out _))
            {
                case StunFrameStatus.Frame:
                    _driver.HandleDatagram(frame.IsSingleSegment ? frame.FirstSpan : frame.ToArray(), _server);
                    buffer = buffer.Slice(consumed);
                    break;
                case StunFrameStatus.NeedMore:
                    return true;
                default:
                    return false;
            }
        }
    }

    private static bool IsEndOfConnection(Exception error)
        => error is IOException or SocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException;
}
