using System;
using Stack.Stun;

namespace Stack.Turn;

public sealed partial class ClientAllocation
{
    /// <summary>The bytes to leave free in front of a payload for <see cref="TryFrame"/>.</summary>
    public const int PayloadOffset = PayloadFraming.MaxHeaderSize;

    /// <summary>The bytes to leave free behind a payload for <see cref="TryFrame"/>.</summary>
    public const int PayloadPadding = PayloadFraming.MaxPadding;

    /// <summary>Asks the server for the allocation; once.</summary>
    /// <param name="now">The time.</param>
    /// <exception cref="InvalidOperationException">It has been asked already.</exception>
    public void Allocate(Instant now)
    {
        if (State != ClientAllocationState.Idle)
        {
            throw new InvalidOperationException("One object makes one allocation.");
        }

        State = ClientAllocationState.Allocating;
        _requests.Start(new AllocateRequest(_options), now);
    }

    /// <summary>Asks for a permission for the address of a peer, and for its refreshes from then on. One that exists stays as it is.</summary>
    /// <param name="peer">The peer; its port does not count.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="ArgumentException">The peer is of a family that the allocation does not cover.</exception>
    /// <exception cref="InvalidOperationException">There is no allocation, or it has <see cref="MaxPermissions"/>.</exception>
    public void Permit(TransportAddress peer, Instant now)
    {
        peer = CheckPeer(peer, needsPort: false);
        if (_permissions.Count >= MaxPermissions && !_permissions.Contains(peer))
        {
            throw new InvalidOperationException($"An allocation has at most {MaxPermissions} permissions.");
        }

        if (!LoseIfExpired(now))
        {
            _permissions.Add(peer, now);
            Advance(now);
        }
    }

    /// <summary>Asks for permissions as <see cref="Permit(TransportAddress, Instant)"/> does, for several peers in as few requests as can be.</summary>
    /// <param name="peers">The peers; their ports do not count.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="ArgumentException">A peer is of a family that the allocation does not cover; nothing is asked for then.</exception>
    /// <exception cref="InvalidOperationException">There is no allocation, or it would have more than <see cref="MaxPermissions"/>.</exception>
    public void Permit(ReadOnlySpan<TransportAddress> peers, Instant now)
    {
        foreach (TransportAddress peer in peers)
        {
            CheckPeer(peer, needsPort: false);
        }

        if (_permissions.Count + peers.Length > MaxPermissions)
        {
            throw new InvalidOperationException($"An allocation has at most {MaxPermissions} permissions.");
        }

        if (!LoseIfExpired(now))
        {
            foreach (TransportAddress peer in peers)
            {
                _permissions.Add(peer.Unmapped, now);
            }

            Advance(now);
        }
    }

    /// <summary>Whether the address of a peer has a permission that the server has confirmed.</summary>
    /// <param name="peer">The peer; its port does not count.</param>
    public bool IsPermitted(TransportAddress peer) => _permissions.IsInstalled(peer.Unmapped);

    /// <summary>Asks for a channel to a peer, and for its refreshes from then on. It comes with a permission. One that exists stays as it is.</summary>
    /// <param name="peer">The peer.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="ArgumentException">The peer has no port, or is of a family that the allocation does not cover.</exception>
    /// <exception cref="InvalidOperationException">
    /// There is no allocation, it relays TCP, or all numbers are bound or were within the last five minutes (RFC 8656 section 12).
    /// </exception>
    public void BindChannel(TransportAddress peer, Instant now)
    {
        peer = CheckPeer(peer, needsPort: true);
        if (_options.Protocol != RelayProtocol.Udp)
        {
            throw new InvalidOperationException("Channels carry datagrams: a TCP allocation has none.");
        }

        if (LoseIfExpired(now))
        {
            return;
        }

        _channels.Expire(now);
        if (!_channels.TryAdd(peer, now))
        {
            throw new InvalidOperationException("No channel number is free.");
        }

        Advance(now);
    }

    /// <summary>Whether data to a peer can go by a channel.</summary>
    /// <param name="peer">The peer.</param>
    public bool IsBound(TransportAddress peer) => _channels.TryGetBound(peer.Unmapped, out _);

    /// <summary>
    /// Asks the server to connect to a peer (RFC 6062 section 4.3). After a failure (447) the request waits until ten seconds have passed.
    /// </summary>
    /// <param name="peer">The peer.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="ArgumentException">The peer has no port, or is of a family that the allocation does not cover.</exception>
    /// <exception cref="InvalidOperationException">
    /// There is no allocation, it relays UDP, a connection to this peer is being made, or <see cref="MaxConnects"/> are.
    /// </exception>
    public void Connect(TransportAddress peer, Instant now)
    {
        peer = CheckPeer(peer, needsPort: true);
        if (_options.Protocol != RelayProtocol.Tcp)
        {
            throw new InvalidOperationException("Only a TCP allocation makes connections.");
        }

        _connects.Add(peer, now);
        if (!LoseIfExpired(now))
        {
            Advance(now);
        }
    }

    /// <summary>
    /// Begins the data connection that goes with a connection to a peer (RFC 6062 section 4.3), with the challenge that the server gave to this
    /// one: a server may hang up on a ConnectionBind without a credential.
    /// </summary>
    /// <param name="connection">The connection, from <see cref="ClientAllocationEventKind.PeerConnected"/> or
    /// <see cref="ClientAllocationEventKind.PeerConnectionAttempted"/>.</param>
    /// <param name="now">The time, of the clock that drives the new object.</param>
    /// <returns>An object of its own, which the caller drives over a new connection, and disposes.</returns>
    public ClientDataConnection BeginDataConnection(ConnectionId connection, Instant now)
        => new(new ClientRequests(_server, _requests.ForkCredential(), reliable: true, _options.Schedule, _random), connection, now);

    /// <summary>Refreshes the allocation now; it is refreshed in time without this.</summary>
    /// <param name="now">The time.</param>
    /// <exception cref="InvalidOperationException">There is no allocation.</exception>
    public void Refresh(Instant now)
    {
        CheckActive();
        if (!LoseIfExpired(now))
        {
            _refreshAt = now;
            Advance(now);
        }
    }

    /// <summary>Gives the allocation up: the server is asked to delete it (RFC 8656 section 8). Requests in flight are forgotten.</summary>
    /// <param name="now">The time.</param>
    public void Release(Instant now)
    {
        switch (State)
        {
            case ClientAllocationState.Active when !LoseIfExpired(now):
                Delete(now);
                break;

            // The request may be on its way, and be served.
            case ClientAllocationState.Allocating:
                Delete(now);
                break;
            case ClientAllocationState.Idle:
                State = ClientAllocationState.Ended;
                break;
        }
    }

    /// <summary>
    /// Frames a payload for a peer in place, as the server expects it, and allocates nothing. The payload stands
    /// <see cref="PayloadOffset"/> bytes behind the start of the buffer, with <see cref="PayloadPadding"/> bytes free behind it.
    /// </summary>
    /// <param name="buffer">The buffer; the bytes around the payload are overwritten.</param>
    /// <param name="length">The length of the payload, 0 or more.</param>
    /// <param name="peer">The peer.</param>
    /// <param name="form">How it shall travel.</param>
    /// <param name="now">The time.</param>
    /// <param name="message">The part of the buffer to send to the server.</param>
    /// <exception cref="ArgumentException">
    /// The buffer does not hold the payload and the room around it, or DONT-FRAGMENT is wanted and was not asked for in the allocation.
    /// </exception>
    public SendStatus TryFrame(Span<byte> buffer, int length, TransportAddress peer, SendForm form, Instant now, out Range message)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (length > buffer.Length - PayloadOffset - PayloadPadding)
        {
            throw new ArgumentException("The buffer does not hold the payload and the room around it.", nameof(buffer));
        }

        bool dontFragment = form == SendForm.IndicationWithoutFragments;
        if (dontFragment && !_options.DontFragment)
        {
            throw new ArgumentException("DONT-FRAGMENT is asked for with the allocation (RFC 8656 section 7.1).", nameof(form));
        }

        message = default;
        if (State != ClientAllocationState.Active || _options.Protocol != RelayProtocol.Udp || LoseIfExpired(now))
        {
            return SendStatus.NoAllocation;
        }

        peer = peer.Unmapped;
        if (form is SendForm.Shortest or SendForm.Early && _channels.TryGetBound(peer, out ChannelNumber channel))
        {
            return PayloadFraming.TryFrameChannelData(buffer, length, channel, IsStream, out message) ? SendStatus.ChannelData : SendStatus.TooLong;
        }

        if (!_permissions.IsInstalled(peer) && (form != SendForm.Early || !_permissions.IsInFlight(peer)))
        {
            return SendStatus.NoPermission;
        }

        var id = TransactionId.Create(_random);
        return PayloadFraming.TryFrameIndication(buffer, length, peer, dontFragment, IsStream, id, out message)
            ? SendStatus.Indication
            : SendStatus.TooLong;
    }

    private TransportAddress CheckPeer(TransportAddress peer, bool needsPort)
    {
        CheckActive();
        peer = peer.Unmapped;
        if (!Grant!.Covers(peer.Family))
        {
            throw new ArgumentException("The peer is of an address family that the allocation does not cover (RFC 8656 section 10.1).", nameof(peer));
        }

        return needsPort && peer.Port == 0 ? throw new ArgumentException("The peer has no port.", nameof(peer)) : peer;
    }

    private void CheckActive()
    {
        if (State != ClientAllocationState.Active)
        {
            throw new InvalidOperationException("There is no allocation.");
        }
    }
}
