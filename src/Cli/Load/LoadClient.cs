using System;
using System.Net;
using System.Security.Cryptography;
using Stack.Stun;
using Stack.Turn;

namespace Stack.Cli;

/// <summary>One allocation of a load generator: a socket of its own, and the client's state machine over it.</summary>
internal sealed class LoadClient : ILoadReader, IDisposable
{
    private readonly LoadClients _group;
    private readonly ClientAllocation _allocation;
    private readonly LoadPort _port;

    public LoadClient(LoadClients group, int number, IPEndPoint local, RandomNumberGenerator random)
    {
        _group = group;
        Number = number;
        _allocation = new ClientAllocation(group.Server, group.Options, random);
        _port = group.Loop.Open(local, this);
    }

    public int Number { get; }

    public TransportAddress Local => _port.Local;

    public TransportAddress Relayed => _allocation.Grant!.Relayed;

    public bool IsActive => _allocation.State == ClientAllocationState.Active;

    public Instant? NextTimeout => _allocation.NextTimeout;

    /// <summary>When the step that is under way was begun, as a timestamp; null where none is.</summary>
    public long? Begun { get; set; }

    public Instant? Expires => _allocation.Expires;

    /// <summary>When the allocation would have expired without the step that is under way.</summary>
    public Instant? ExpiredBefore { get; set; }

    /// <summary>Who gets the data of peers.</summary>
    public ILoadSink? Sink { get; set; }

    /// <summary>Whether the peer behind another client's relay may send.</summary>
    public bool IsPermitted(LoadClient peer) => peer.IsActive && _allocation.IsPermitted(peer.Relayed);

    public void Allocate() => Command(static (allocation, _, now) => allocation.Allocate(now), default);

    public void Permit(TransportAddress peer) => Command(static (allocation, peer, now) => allocation.Permit(peer, now), peer);

    public void BindChannel(TransportAddress peer) => Command(static (allocation, peer, now) => allocation.BindChannel(peer, now), peer);

    public void Refresh() => Command(static (allocation, _, now) => allocation.Refresh(now), default);

    public void Release() => Command(static (allocation, _, now) => allocation.Release(now), default);

    public void HandleTimeout(Instant now)
    {
        if (_allocation.NextTimeout <= now)
        {
            _allocation.HandleTimeout(now);
            Drain(now);
        }
    }

    /// <summary>Frames and queues a payload that stands in a lent slot, <see cref="ClientAllocation.PayloadOffset"/> bytes from its start.</summary>
    /// <returns>False where the allocation is gone.</returns>
    public bool TrySend(Span<byte> slot, int length, TransportAddress peer, SendForm form, Instant now)
    {
        Span<byte> buffer = slot[..(ClientAllocation.PayloadOffset + length + ClientAllocation.PayloadPadding)];
        if (_allocation.TryFrame(buffer, length, peer, form, now, out Range message) is not (SendStatus.ChannelData or SendStatus.Indication))
        {
            return false;
        }

        _port.Queue(message, _group.Server);
        return true;
    }

    public void OnDatagram(LoadPort port, ReadOnlySpan<byte> datagram, TransportAddress source)
    {
        Instant now = _group.Loop.Now;
        ClientDisposition disposition = _allocation.HandleDatagram(datagram, source, now, out PeerPayload data);
        if (disposition == ClientDisposition.PeerData)
        {
            Sink?.OnPayload(this, datagram.Slice(data.Offset, data.Length), data.Peer);
            return;
        }

        _group.Show(isSent: false, datagram);
        Drain(now);
        if (disposition == ClientDisposition.Completed)
        {
            _group.OnCompleted(this);
        }
    }

    public void Dispose()
    {
        _port.Dispose();
        _allocation.Dispose();
    }

    private void Command(Action<ClientAllocation, TransportAddress, Instant> command, TransportAddress peer)
    {
        Instant now = _group.Loop.Now;
        command(_allocation, peer, now);
        Drain(now);
    }

    private void Drain(Instant now)
    {
        while (_allocation.TryReadTransmit(_group.RequestBuffer, now, out StunTransmit transmit))
        {
            ReadOnlySpan<byte> request = _group.RequestBuffer.AsSpan(0, transmit.Length);
            _group.Show(isSent: true, request);
            _port.Queue(request, transmit.Destination);
        }

        while (_allocation.TryReadEvent(out ClientAllocationEvent happened))
        {
            _group.OnEvent(this, happened);
        }
    }
}
