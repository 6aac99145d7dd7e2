using System;
using System.IO;
using System.Net;
using System.Threading.Tasks;

namespace Stack.Transport;

/// <summary>A TCP connection that a peer has made to a relayed address (RFC 6062 section 4.4). Disposing it closes the connection.</summary>
public sealed class TurnPeerConnection : IAsyncDisposable
{
    internal TurnPeerConnection(Stream stream, IPEndPoint peer)
    {
        Stream = stream;
        Peer = peer;
    }

    /// <summary>The peer's bytes, and the way back.</summary>
    public Stream Stream { get; }

    /// <summary>The peer.</summary>
    public IPEndPoint Peer { get; }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Stream.DisposeAsync();
}
