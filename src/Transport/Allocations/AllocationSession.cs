using System;
using System.Buffers;
using System.IO;
using System.Net;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.Turn;

namespace Stack.Transport;

/// <summary>
/// Gives a <see cref="ClientAllocation"/> a link, a clock and callers that wait: inputs from the receive loop, the timer and commands are taken one
/// at a time under a lock, and nothing is awaited under it.
/// </summary>
internal sealed partial class AllocationSession : ILinkSink, IAsyncDisposable
{
    private const int LargestDatagram = 65535;

    private readonly Lock _gate = new();
    private readonly StunLink _link;
    private readonly ClientAllocation _allocation;
    private readonly ClientAllocationOptions _options;
    private readonly RandomNumberGenerator _random = RandomNumberGenerator.Create();
    private readonly MonotonicClock _clock;
    private readonly ITimer _timer;
    private readonly Action<StunTrace>? _trace;
    private readonly TransportAddress _server;
    private readonly byte[] _buffer = new byte[ClientAllocation.MaxRequestSize];
    private readonly byte[] _sendBuffer = new byte[ClientAllocation.PayloadOffset + LargestDatagram + ClientAllocation.PayloadPadding];
    private IAllocationOwner? _owner;
    private ClientAllocationEvent? _loss;
    private bool _disposed;

    /// <summary>Takes a link over.</summary>
    public AllocationSession(StunLink link, ClientAllocationOptions options, string host, TurnClientOptions client)
    {
        _link = link;
        _options = options;
        _trace = client.Trace;
        Host = host;
        _server = TransportAddress.FromIPEndPoint(link.Server);
        _allocation = new ClientAllocation(_server, options, _random);
        _clock = new MonotonicClock(client.TimeProvider);
        _timer = client.TimeProvider.CreateTimer(
            static state => ((AllocationSession)state!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public IPEndPoint Server => _link.Server;

    public IPEndPoint Local => _link.Local;

    public StunTransport Transport => _link.Transport;

    /// <summary>The name that certificates of the server carry.</summary>
    public string Host { get; }

    public AllocationGrant Grant => _allocation.Grant!;

    /// <summary>Makes the allocation.</summary>
    /// <returns>Null, or why there is none.</returns>
    public async Task<RequestFailure?> AllocateAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _allocation.Allocate(_clock.Now);
            Pump();
        }

        _link.Start(this);
        return await _allocated.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Says who gets data and events from now on.</summary>
    /// <param name="owner">Who.</param>
    /// <param name="announce">Called before the owner gets anything, under the lock; null for nothing.</param>
    public void Attach(IAllocationOwner owner, Action? announce = null)
    {
        lock (_gate)
        {
            _owner = owner;
            announce?.Invoke();
            if (_loss is { } loss)
            {
                owner.HandleEvent(this, loss);
            }
        }
    }

    public Task PermitAsync(TransportAddress peer, CancellationToken cancellationToken)
    {
        Task task;
        lock (_gate)
        {
            CheckAlive();
            if (_allocation.IsPermitted(peer))
            {
                return Task.CompletedTask;
            }

            _allocation.Permit(peer, _clock.Now);
            task = WaitAsync(_permits, peer.Unmapped.WithPort(0));
            Pump();
        }

        return task.WaitAsync(cancellationToken);
    }

    public Task BindChannelAsync(TransportAddress peer, CancellationToken cancellationToken)
    {
        Task task;
        lock (_gate)
        {
            CheckAlive();
            if (_allocation.IsBound(peer))
            {
                return Task.CompletedTask;
            }

            _allocation.BindChannel(peer, _clock.Now);
            task = WaitAsync(_binds, peer.Unmapped);
            Pump();
        }

        return task.WaitAsync(cancellationToken);
    }

    public Task<ConnectionId> ConnectAsync(TransportAddress peer, CancellationToken cancellationToken)
    {
        var completion = new TaskCompletionSource<ConnectionId>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            CheckAlive();
            _allocation.Connect(peer, _clock.Now);
            _connects.Add(peer.Unmapped, completion);
            Pump();
        }

        return completion.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Sends data to a peer.</summary>
    /// <returns>How it was framed, or why it was not sent.</returns>
    public ValueTask<SendStatus> SendAsync(ReadOnlyMemory<byte> payload, TransportAddress peer, SendForm form, CancellationToken cancellationToken)
    {
        if (payload.Length > LargestDatagram)
        {
            return new ValueTask<SendStatus>(SendStatus.TooLong);
        }

        return Transport == StunTransport.Udp
            ? new ValueTask<SendStatus>(SendDatagram(payload.Span, peer, form))
            : SendOverStreamAsync(payload, peer, form, cancellationToken);
    }

    /// <summary>Sends data to a peer at once, or drops it where too much waits.</summary>
    /// <returns>How it was framed, or why it was not sent.</returns>
    public SendStatus TrySend(ReadOnlySpan<byte> payload, TransportAddress peer, SendForm form)
        => payload.Length > LargestDatagram ? SendStatus.TooLong : SendDatagram(payload, peer, form);

    /// <summary>Makes the data connection that belongs to a connection with a peer (RFC 6062 section 4.3).</summary>
    public async Task<Stream> OpenDataConnectionAsync(ConnectionId connection, LinkOptions options, CancellationToken cancellationToken)
    {
        ClientDataConnection binding;
        lock (_gate)
        {
            CheckAlive();
            binding = _allocation.BeginDataConnection(connection, _clock.Now);
        }

        using (binding)
        {
            return await DataConnection.OpenAsync(this, binding, options with { Local = null }, _clock, cancellationToken).ConfigureAwait(false);
        }
    }

    public void HandleDatagram(ReadOnlySpan<byte> datagram)
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            Trace(isSent: false, datagram);
            if (_allocation.HandleDatagram(datagram, _server, _clock.Now, out PeerPayload data) == ClientDisposition.PeerData)
            {
                _owner?.HandleData(data.Peer, datagram.Slice(data.Offset, data.Length));
            }
            else
            {
                Pump();
            }
        }
    }

    public void HandleUnreachable()
    {
        lock (_gate)
        {
            _allocation.HandleUnreachable(_clock.Now);
            Pump();
        }
    }

    public void HandleConnectionLost()
    {
        lock (_gate)
        {
            _allocation.HandleConnectionLost(_clock.Now);
            Pump();
        }
    }

    /// <summary>Tells the server as far as that goes without waiting, and closes the link.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _owner = null;
            _allocation.Release(_clock.Now);
            Pump();
            _disposed = true;
            FailAll(new ObjectDisposedException(nameof(TurnAllocation)));
        }

        await _timer.DisposeAsync().ConfigureAwait(false);
        await _link.DisposeAsync().ConfigureAwait(false);
        _allocation.Dispose();
        _random.Dispose();
    }

    private SendStatus SendDatagram(ReadOnlySpan<byte> payload, TransportAddress peer, SendForm form)
    {
        lock (_gate)
        {
            SendStatus status = Frame(_sendBuffer, payload, peer, form, out Range message);
            if (status is SendStatus.ChannelData or SendStatus.Indication && !_link.Send(_sendBuffer.AsSpan(message)) && Transport == StunTransport.Udp)
            {
                _allocation.HandleUnreachable(_clock.Now);
                Pump();
            }

            return status;
        }
    }

    private async ValueTask<SendStatus> SendOverStreamAsync(
        ReadOnlyMemory<byte> payload, TransportAddress peer, SendForm form, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(ClientAllocation.PayloadOffset + payload.Length + ClientAllocation.PayloadPadding);
        try
        {
            SendStatus status;
            Range message;
            lock (_gate)
            {
                status = Frame(buffer, payload.Span, peer, form, out message);
            }

            if (status is SendStatus.ChannelData or SendStatus.Indication)
            {
                await _link.SendAsync(buffer.AsMemory(message), cancellationToken).ConfigureAwait(false);
            }

            return status;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private SendStatus Frame(byte[] buffer, ReadOnlySpan<byte> payload, TransportAddress peer, SendForm form, out Range message)
    {
        ObjectDisposedException.ThrowIf(_disposed, typeof(TurnAllocation));
        payload.CopyTo(buffer.AsSpan(ClientAllocation.PayloadOffset));
        SendStatus status = _allocation.TryFrame(buffer, payload.Length, peer, form, _clock.Now, out message);
        if (status is SendStatus.ChannelData or SendStatus.Indication)
        {
            Trace(isSent: true, buffer.AsSpan(message));
        }
        else
        {
            Pump();
        }

        return status;
    }

    private void OnTimer()
    {
        lock (_gate)
        {
            if (!_disposed)
            {
                _allocation.HandleTimeout(_clock.Now);
                Pump();
            }
        }
    }

    // The polling order of the core: transmits, then events, then the next deadline.
    private void Pump()
    {
        if (_disposed)
        {
            return;
        }

        while (_allocation.TryReadTransmit(_buffer, _clock.Now, out StunTransmit transmit))
        {
            Trace(isSent: true, _buffer.AsSpan(0, transmit.Length));
            if (!_link.Send(_buffer.AsSpan(0, transmit.Length)))
            {
                _allocation.HandleUnreachable(_clock.Now);
            }
        }

        while (_allocation.TryReadEvent(out ClientAllocationEvent happened))
        {
            Handle(happened);
        }

        _timer.Change(_clock.Until(_allocation.NextTimeout), Timeout.InfiniteTimeSpan);
    }

    private void CheckAlive()
    {
        ObjectDisposedException.ThrowIf(_disposed, typeof(TurnAllocation));
        if (_loss is { } loss)
        {
            throw TurnFailures.Lost(loss.LossReason, Server);
        }
    }

    private void Trace(bool isSent, ReadOnlySpan<byte> message) => _trace?.Invoke(new StunTrace(isSent, Server, Transport, message.ToArray()));
}
