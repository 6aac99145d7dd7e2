using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.Turn;

namespace Stack.Transport;

/// <summary>
/// A relayed transport address at a TURN server, which refreshes itself, its permissions and its channels. Safe for concurrent use, with one
/// receiver at a time. Dispose it to give the address back; that never waits for the network.
/// </summary>
public sealed partial class TurnAllocation : IAsyncDisposable
{
    private const int EventCapacity = 64;
    private const int AttemptCapacity = 16;
    private const int MaxCounted = 64;

    // A channel costs a round trip and saves 32 bytes on each datagram.
    private const int SendsBeforeChannel = 8;

    private readonly TurnClient _client;
    private readonly TurnAllocationOptions _options;
    private readonly Lock _gate = new();
    private readonly DatagramQueue _received;
    private readonly Channel<TurnEvent> _events = Channel.CreateBounded<TurnEvent>(EventCapacity);
    private readonly Channel<(TransportAddress Peer, ConnectionId Id)> _attempts = Channel.CreateBounded<(TransportAddress, ConnectionId)>(AttemptCapacity);
    private readonly CancellationTokenSource _stopping = new();
    private readonly HashSet<TransportAddress> _permitted = [];
    private readonly HashSet<TransportAddress> _bound = [];
    private readonly Dictionary<TransportAddress, int> _sends = [];
    private readonly Owner _owner;
    private volatile AllocationSession _session;
    private Task _reallocating = Task.CompletedTask;
    private bool _disposed;

    internal TurnAllocation(TurnClient client, TurnAllocationOptions options, AllocationSession session)
    {
        _client = client;
        _options = options;
        _received = new DatagramQueue(options.ReceiveQueueCapacity, nameof(TurnAllocation));
        _owner = new Owner(this);
        _session = session;
        session.Attach(_owner);
    }

    /// <summary>The relayed address; of a dual allocation the IPv4 one, where the server granted it.</summary>
    public IPEndPoint Relayed => _session.Grant.Relayed.ToIPEndPoint();

    /// <summary>The relayed IPv6 address of a dual allocation; null without one.</summary>
    public IPEndPoint? AdditionalRelayed => _session.Grant.AdditionalRelayed?.ToIPEndPoint();

    /// <summary>The address that the server sees the client at; null where it does not say.</summary>
    public IPEndPoint? Mapped => _session.Grant.Mapped?.ToIPEndPoint();

    /// <summary>The lifetime that the server granted at first.</summary>
    public TimeSpan Lifetime => _session.Grant.Lifetime;

    /// <summary>What the server granted, in full.</summary>
    public AllocationGrant Grant => _session.Grant;

    /// <summary>The server's endpoint.</summary>
    public IPEndPoint Server => _session.Server;

    /// <summary>The local endpoint of the socket.</summary>
    public IPEndPoint Local => _session.Local;

    /// <summary>The transport to the server.</summary>
    public StunTransport Transport => _session.Transport;

    /// <summary>How many datagrams were dropped because <see cref="ReceiveAsync"/> was too slow.</summary>
    public long Dropped => _received.Dropped;

    /// <summary>Lets a peer send data, and be sent data, for as long as the allocation lives.</summary>
    /// <param name="peer">The peer; the permission is for its address, whatever the port (RFC 8656 section 9).</param>
    /// <param name="cancellationToken">Gives up waiting; the permission may still come.</param>
    /// <exception cref="ArgumentException">The peer is of a family that the allocation does not cover.</exception>
    /// <exception cref="TurnException">The server refuses it.</exception>
    public async Task PermitAsync(IPEndPoint peer, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(peer);
        var address = TransportAddress.FromIPEndPoint(peer);
        await _session.PermitAsync(address, cancellationToken).ConfigureAwait(false);
        Remember(_permitted, address.Unmapped.WithPort(0));
    }

    /// <summary>Binds a channel to a peer, which saves bytes on each datagram, and comes with a permission.</summary>
    /// <param name="peer">The peer.</param>
    /// <param name="cancellationToken">Gives up waiting; the channel may still come.</param>
    /// <exception cref="ArgumentException">The peer is of a family that the allocation does not cover.</exception>
    /// <exception cref="InvalidOperationException">The allocation relays TCP.</exception>
    /// <exception cref="TurnException">The server refuses it.</exception>
    public Task BindChannelAsync(IPEndPoint peer, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(peer);
        return BindAsync(TransportAddress.FromIPEndPoint(peer), cancellationToken);
    }

    /// <summary>Sends a datagram to a peer that has a permission. Like all datagrams it may be lost.</summary>
    /// <param name="payload">The payload; it may be reused when the call is over.</param>
    /// <param name="peer">The peer.</param>
    /// <param name="cancellationToken">Gives up waiting for room on a connection.</param>
    /// <exception cref="ArgumentException">The payload does not fit a datagram.</exception>
    /// <exception cref="InvalidOperationException">The peer has no permission, or the allocation relays TCP.</exception>
    /// <exception cref="TurnException">The allocation is gone.</exception>
    public ValueTask SendAsync(ReadOnlyMemory<byte> payload, IPEndPoint peer, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(peer);
        return SendAsync(payload, TransportAddress.FromIPEndPoint(peer), SendForm.Shortest, cancellationToken);
    }

    /// <summary>Sends a datagram as <see cref="SendAsync(ReadOnlyMemory{byte}, IPEndPoint, CancellationToken)"/> does, and says how.</summary>
    /// <param name="payload">The payload; it may be reused when the call is over.</param>
    /// <param name="peer">The peer.</param>
    /// <param name="form">How it shall travel.</param>
    /// <param name="cancellationToken">Gives up waiting for room on a connection.</param>
    /// <exception cref="ArgumentException">The payload does not fit a datagram, or DONT-FRAGMENT was not asked for in the allocation.</exception>
    /// <exception cref="InvalidOperationException">The peer has no permission, or the allocation relays TCP.</exception>
    /// <exception cref="TurnException">The allocation is gone.</exception>
    public ValueTask SendAsync(ReadOnlyMemory<byte> payload, TransportAddress peer, SendForm form, CancellationToken cancellationToken = default)
    {
        if (_options.Protocol != RelayProtocol.Udp)
        {
            throw new InvalidOperationException("A TCP allocation carries streams: connect or accept.");
        }

        ValueTask<SendStatus> sending = _session.SendAsync(payload, peer, form, cancellationToken);
        if (!sending.IsCompletedSuccessfully)
        {
            return AwaitAsync(sending, peer);
        }

        Check(sending.Result, peer);
        return ValueTask.CompletedTask;
    }

    /// <summary>Sends a datagram at once, or drops it where too much waits.</summary>
    internal SendStatus TrySend(ReadOnlySpan<byte> payload, TransportAddress peer, SendForm form)
    {
        try
        {
            return _session.TrySend(payload, peer, form);
        }
        catch (ObjectDisposedException)
        {
            return SendStatus.NoAllocation;
        }
    }

    /// <summary>Receives the next datagram of a peer. One call at a time.</summary>
    /// <param name="buffer">Where it goes; what does not fit is lost.</param>
    /// <param name="cancellationToken">Gives up; no datagram is lost by that.</param>
    /// <exception cref="InvalidOperationException">Another call is waiting.</exception>
    /// <exception cref="TurnException">The allocation is gone, and is not replaced.</exception>
    /// <exception cref="ObjectDisposedException">The allocation is disposed of.</exception>
    public ValueTask<TurnDatagram> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => _received.ReadAsync(buffer, cancellationToken);

    /// <summary>Waits for what happens to the allocation. Of what nobody reads, the first 64 events are kept.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ObjectDisposedException">The allocation is disposed of.</exception>
    public async ValueTask<TurnEvent> ReadEventAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            return await _events.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException error)
        {
            throw new ObjectDisposedException("The allocation is disposed of.", error);
        }
    }

    /// <summary>Connects to a peer through a TCP allocation (RFC 6062 section 4.3).</summary>
    /// <param name="peer">The peer.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The connection; dispose it to close it.</returns>
    /// <exception cref="InvalidOperationException">The allocation relays UDP, or a connection to this peer is being made.</exception>
    /// <exception cref="TurnException">The server cannot connect to the peer, or refuses to.</exception>
    public async Task<Stream> ConnectAsync(IPEndPoint peer, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(peer);
        AllocationSession session = _session;
        ConnectionId id = await session.ConnectAsync(TransportAddress.FromIPEndPoint(peer), cancellationToken).ConfigureAwait(false);
        return await session.OpenDataConnectionAsync(id, _client.Options.ToLinkOptions(), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Accepts a connection that a permitted peer makes to the relayed address of a TCP allocation (RFC 6062 section 4.4).</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidOperationException">The allocation relays UDP.</exception>
    /// <exception cref="TurnException">The connection was attempted, and could not be joined with; another one may come.</exception>
    /// <exception cref="ObjectDisposedException">The allocation is disposed of.</exception>
    public async Task<TurnPeerConnection> AcceptAsync(CancellationToken cancellationToken = default)
    {
        if (_options.Protocol != RelayProtocol.Tcp)
        {
            throw new InvalidOperationException("Only a TCP allocation accepts connections.");
        }

        try
        {
            (TransportAddress peer, ConnectionId id) = await _attempts.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            Stream stream = await _session.OpenDataConnectionAsync(id, _client.Options.ToLinkOptions(), cancellationToken).ConfigureAwait(false);
            return new TurnPeerConnection(stream, peer.ToIPEndPoint());
        }
        catch (ChannelClosedException error)
        {
            throw error.InnerException is TurnException lost
                ? new TurnException(lost.Failure, lost.Message, lost.Hint, error)
                : new ObjectDisposedException("The allocation is disposed of.", error);
        }
    }

    /// <summary>Gives the address back and closes the socket. Calls in progress fail.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
        }

        await _stopping.CancelAsync().ConfigureAwait(false);
        _received.Complete(new ObjectDisposedException(nameof(TurnAllocation)));
        _events.Writer.TryComplete();
        _attempts.Writer.TryComplete();
        await _session.DisposeAsync().ConfigureAwait(false);
        await _reallocating.ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async ValueTask AwaitAsync(ValueTask<SendStatus> sending, TransportAddress peer) => Check(await sending.ConfigureAwait(false), peer);

    private void Check(SendStatus status, TransportAddress peer)
    {
        switch (status)
        {
            case SendStatus.Indication when _options.BindsChannels:
                CountTowardsChannel(peer);
                return;
            case SendStatus.NoPermission:
                throw new InvalidOperationException($"{peer} has no permission; {nameof(PermitAsync)} comes first.");
            case SendStatus.TooLong:
                throw new ArgumentException("The payload does not fit a datagram.", nameof(status));
            case SendStatus.NoAllocation when !_options.ReallocatesWhenLost:
                throw TurnFailures.Lost(AllocationLossReason.Expired, Server);
        }
    }

    private void CountTowardsChannel(TransportAddress peer)
    {
        lock (_gate)
        {
            if (_sends.Count >= MaxCounted && !_sends.ContainsKey(peer))
            {
                return;
            }

            int count = _sends[peer] = _sends.GetValueOrDefault(peer) + 1;
            if (count != SendsBeforeChannel)
            {
                return;
            }
        }

        // Where the server has no channel to give, indications do as well.
        _ = TryBindAsync(peer);
    }

    private async Task TryBindAsync(TransportAddress peer)
    {
        try
        {
            await BindAsync(peer, _stopping.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is TurnException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // Said above.
        }
    }

    private async Task BindAsync(TransportAddress peer, CancellationToken cancellationToken)
    {
        await _session.BindChannelAsync(peer, cancellationToken).ConfigureAwait(false);
        Remember(_bound, peer.Unmapped);
    }

    private void Remember(HashSet<TransportAddress> peers, TransportAddress peer)
    {
        lock (_gate)
        {
            peers.Add(peer);
        }
    }

    private void HandleEvent(AllocationSession session, ClientAllocationEvent happened)
    {
        switch (happened.Kind)
        {
            case ClientAllocationEventKind.IcmpError:
                _events.Writer.TryWrite(new TurnEvent(TurnEventKind.IcmpError) { Peer = happened.Peer, Icmp = happened.Icmp });
                break;
            case ClientAllocationEventKind.PermissionRefused:
                TurnException refused = session.Explain(happened.Failure, "a permission");
                _events.Writer.TryWrite(new TurnEvent(TurnEventKind.PermissionLost) { Peer = happened.Peer, Failure = refused });
                break;
            case ClientAllocationEventKind.ChannelRefused:
                _events.Writer.TryWrite(new TurnEvent(TurnEventKind.ChannelLost) { Peer = happened.Peer });
                break;
            case ClientAllocationEventKind.PeerConnectionAttempted:
                _attempts.Writer.TryWrite((happened.Peer, happened.Connection));
                break;
            case ClientAllocationEventKind.AllocationLost:
                HandleLoss(TurnFailures.Lost(happened.LossReason, session.Server));
                break;
        }
    }

    // Not the allocation itself, so that the interface is nobody else's.
    private sealed class Owner(TurnAllocation allocation) : IAllocationOwner
    {
        public void HandleData(TransportAddress peer, ReadOnlySpan<byte> payload) => allocation._received.Enqueue(peer, payload);

        public void HandleEvent(AllocationSession session, ClientAllocationEvent happened) => allocation.HandleEvent(session, happened);
    }
}
