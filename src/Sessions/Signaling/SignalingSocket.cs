using System;
using System.Buffers;
using System.Net.Security;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;

namespace Stack.Sessions;

/// <summary>One WebSocket to a signaling server: opened with words for what fails, text messages in and out.</summary>
internal sealed class SignalingSocket : IDisposable
{
    /// <summary>The longest message that is read: a description of 64 KiB, escaped at its worst, and the rest.</summary>
    public const int MaxMessageSize = 256 << 10;

    private readonly ClientWebSocket _socket;
    private readonly ArrayBufferWriter<byte> _message = new(4096);

    private SignalingSocket(ClientWebSocket socket) => _socket = socket;

    /// <summary>The code that the server closed with; null as long as it has not, or where it did not say.</summary>
    public int? CloseCode => (int?)_socket.CloseStatus;

    /// <summary>Opens a socket.</summary>
    /// <exception cref="SignalingException">It cannot be opened.</exception>
    public static async Task<SignalingSocket> OpenAsync(Uri uri, SignalingClientOptions options, CancellationToken cancellationToken)
    {
        var socket = new ClientWebSocket();
        try
        {
            socket.Options.KeepAliveInterval = options.KeepAlive;
            socket.Options.KeepAliveTimeout = options.KeepAlive;
            socket.Options.CollectHttpResponseDetails = true;
            socket.Options.SetRequestHeader("User-Agent", "stack");
            if (uri.Scheme == "wss")
            {
                socket.Options.RemoteCertificateValidationCallback = (_, certificate, chain, errors) => IsTrusted(options, certificate, chain, errors);
            }

            await socket.ConnectAsync(uri, cancellationToken).ConfigureAwait(false);
            return new SignalingSocket(socket);
        }
        catch (WebSocketException error)
        {
            SignalingException reason = SignalingRefusals.Explain(uri, options, socket, error);
            socket.Dispose();
            throw reason;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Receives a message; one call is to be pending always, since pings are answered by it.</summary>
    /// <returns>The message, valid until the next call; null where the server has closed.</returns>
    /// <exception cref="WebSocketException">The connection broke.</exception>
    public async Task<ReadOnlyMemory<byte>?> ReceiveAsync(CancellationToken cancellationToken)
    {
        _message.ResetWrittenCount();
        while (true)
        {
            ValueWebSocketReceiveResult part = await _socket.ReceiveAsync(_message.GetMemory(2048), cancellationToken).ConfigureAwait(false);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            _message.Advance(part.Count);
            if (_message.WrittenCount > MaxMessageSize || part.MessageType == WebSocketMessageType.Binary)
            {
                throw new WebSocketException(WebSocketError.InvalidMessageType, "The server sent a message that is too long, or not a text.");
            }

            if (part.EndOfMessage)
            {
                return _message.WrittenMemory;
            }
        }
    }

    public ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
        => _socket.SendAsync(message, WebSocketMessageType.Text, WebSocketMessageFlags.EndOfMessage, cancellationToken);

    /// <summary>Says that we leave; the server's answer ends <see cref="ReceiveAsync"/>.</summary>
    public Task CloseAsync(CancellationToken cancellationToken)
        => _socket.State is WebSocketState.Open or WebSocketState.CloseReceived
            ? _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancellationToken)
            : Task.CompletedTask;

    public void Abort() => _socket.Abort();

    public void Dispose() => _socket.Dispose();

    private static bool IsTrusted(SignalingClientOptions options, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (options.Tls.AcceptAnyCertificate || errors == SslPolicyErrors.None)
        {
            return true;
        }

        if (options.Tls.CustomRoots is not { } roots || chain is null || certificate is not X509Certificate2 leaf
            || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None)
        {
            return false;
        }

        using var own = new X509Chain();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        own.ChainPolicy.CustomTrustStore.AddRange(roots);
        own.ChainPolicy.ExtraStore.AddRange(chain.ChainPolicy.ExtraStore);
        return own.Build(leaf);
    }
}
