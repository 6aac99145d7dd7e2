using System;
using System.Net.Sockets;
using System.Threading;
using Stack.Turn;

namespace Stack.Transport;

/// <summary>A TCP connection between a relayed transport address and a peer (RFC 6062 section 5).</summary>
internal sealed class PeerConnection(ConnectionId id, RelayId relay, Socket socket) : IDisposable
{
    private readonly CancellationTokenSource _ending = new();

    public ConnectionId Id { get; } = id;

    public RelayId Relay { get; } = relay;

    public Socket Socket { get; } = socket;

    /// <summary>Cancelled when the connection is closed.</summary>
    public CancellationToken Ending => _ending.Token;

    /// <summary>The client's connection that it is joined to; null for none. Belongs to the thread of the loop.</summary>
    public TurnStreamConnection? Client { get; set; }

    /// <summary>Closes it; may be repeated. The source is not disposed of, since it holds nothing and others may still look at it.</summary>
    public void Dispose()
    {
        _ = _ending.CancelAsync();
        Socket.Dispose();
    }
}
