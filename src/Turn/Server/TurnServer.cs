using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>
/// The TURN server as a state machine: allocations, permissions and channels of the clients of one loop (RFC 8656, RFC 6062), and the STUN server
/// on the same endpoints. Holds no state of anybody who has not authenticated.
/// </summary>
/// <remarks>
/// Inputs are the <c>Handle...</c> methods; after each of them read all commands, then all transmits, then all events, then
/// <see cref="NextTimeout"/>. <c>now</c> never goes back. Inputs never throw on a peer's bytes. One loop owns an instance; what several loops
/// share is in <see cref="TurnServerResources"/>.
/// </remarks>
public sealed class TurnServer : IDisposable
{
    /// <summary>How many bytes must be free in front of a peer's datagram, for the header of a Data indication with an IPv6 address.</summary>
    public const int Headroom = 48;

    /// <summary>How many bytes must be free behind a peer's datagram, for padding.</summary>
    public const int Tailroom = 3;

    /// <summary>A buffer of this size holds every reply and every other message of the server.</summary>
    public const int MinReplyBuffer = 2048;

    // Larger ones are no request that a TURN client makes: nothing needs so many attributes.
    private const int MaxRequestSize = 4096;
    private const int MaxUnknownAttributes = 32;

    private readonly TurnServerContext _context;
    private readonly AllocateHandler _allocate;
    private readonly RefreshHandler _refresh;
    private readonly CreatePermissionHandler _createPermission;
    private readonly ChannelBindHandler _channelBind;
    private readonly ConnectHandler _connect;
    private readonly ConnectionBindHandler _connectionBind;
    private readonly PeerConnections _connections;
    private readonly RelayPath _relay;
    private BindingServer _binding;
    private Authenticator? _authenticator;
    private bool _disposed;

    /// <summary>Sets a server up.</summary>
    /// <param name="options">What it serves.</param>
    /// <param name="resources">What it shares with the servers of the other loops.</param>
    /// <param name="credentials">Its users; null for STUN alone: TURN requests are then not answered.</param>
    /// <param name="sockets">Its relay sockets.</param>
    /// <param name="random">Randomness of cryptographic quality.</param>
    /// <param name="shard">The number of the loop, 0 to 255: it is the first byte of every CONNECTION-ID that the server chooses.</param>
    /// <exception cref="ArgumentException">An option or a limit is out of its range, or a relay address is 0.0.0.0 or ::.</exception>
    public TurnServer(
        TurnServerOptions options,
        TurnServerResources resources,
        ICredentialSource? credentials,
        IRelaySockets sockets,
        RandomNumberGenerator random,
        byte shard = 0)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(resources);
        ArgumentNullException.ThrowIfNull(sockets);
        ArgumentNullException.ThrowIfNull(random);
        TurnServerRules.Verify(options);
        _context = new TurnServerContext(options, resources, sockets, random, shard);
        _allocate = new AllocateHandler(_context);
        _refresh = new RefreshHandler(_context);
        _createPermission = new CreatePermissionHandler(_context);
        _channelBind = new ChannelBindHandler(_context);
        _connect = new ConnectHandler(_context);
        _connectionBind = new ConnectionBindHandler(_context);
        _connections = new PeerConnections(_context);
        _relay = new RelayPath(_context);
        Configure(options, credentials);
    }

    /// <summary>When <see cref="HandleTimeout"/> must be called; null for not at all.</summary>
    public Instant? NextTimeout => Earliest(
        _context.Allocations.NextDeadline,
        Earliest(_context.Relays.NextDeadline, _context.Connections.NextDeadline));

    /// <summary>How many allocations live; a dual one counts once.</summary>
    public int AllocationCount => _context.Allocations.Count;

    /// <summary>Takes a datagram from a client, or a message that a framer has cut out of the client's stream.</summary>
    /// <param name="message">Exactly the bytes received.</param>
    /// <param name="path">How they came.</param>
    /// <param name="buffer">Where a reply goes: as large as the message and at least <see cref="MinReplyBuffer"/>.</param>
    /// <param name="now">When they came.</param>
    public TurnServerStep HandleClientMessage(ReadOnlySpan<byte> message, in FiveTuple path, Span<byte> buffer, Instant now)
    {
        if (StunDemultiplexer.Classify(message) == StunPacketKind.ChannelData
            || (_context.Options.AcceptsRfc5766Channels && !message.IsEmpty && message[0] is >= 0x50 and < 0x80))
        {
            return _relay.HandleChannelData(message, path, now);
        }

        StunDialect dialect = _context.Options.Binding.Classic && path.Transport == StunTransport.Udp
            ? StunDialect.AcceptClassic
            : StunDialect.Rfc8489;
        if (StunMessage.Decode(message, dialect, out StunMessage stun) != StunDecodeStatus.Ok)
        {
            return Silent(TurnServerDisposition.Malformed);
        }

        if (stun.IsClassic || (stun.Class == StunClass.Request && stun.Method == StunMethod.Binding))
        {
            return HandleBinding(message, path, buffer, now);
        }

        if (stun.HasFingerprint && !Fingerprint.Verify(stun))
        {
            return Silent(TurnServerDisposition.WrongFingerprint);
        }

        return stun.Class switch
        {
            StunClass.Request => HandleRequest(stun, path, buffer, now),
            StunClass.Indication when stun.Method == StunMethod.Send => _relay.HandleSend(stun, path, now),

            // Two servers that answer each other's answers would never stop.
            _ => Silent(TurnServerDisposition.NotARequest),
        };
    }

    /// <summary>Takes a datagram that a peer sent to a relay address. The header for the client is written around it, in place.</summary>
    /// <param name="relay">The relay socket.</param>
    /// <param name="peer">Where it came from.</param>
    /// <param name="buffer">The buffer, with <see cref="Headroom"/> bytes in front of the datagram and <see cref="Tailroom"/> behind it.</param>
    /// <param name="offset">Where the datagram begins.</param>
    /// <param name="length">Its length, 0 to 65535.</param>
    /// <param name="now">When it came.</param>
    /// <param name="forward">The message to the client; only where the disposition is <see cref="TurnServerDisposition.Relayed"/>.</param>
    public TurnServerDisposition HandlePeerDatagram(
        RelayId relay,
        PeerAddress peer,
        Span<byte> buffer,
        int offset,
        int length,
        Instant now,
        out ClientForward forward)
        => _relay.HandlePeerDatagram(relay, peer, buffer, offset, length, now, out forward);

    /// <summary>Takes an ICMP error about a datagram that a relay socket sent (RFC 8656 section 11.5).</summary>
    /// <param name="relay">The relay socket.</param>
    /// <param name="peer">Where the datagram went; the port may be 0, for unknown.</param>
    /// <param name="error">The error.</param>
    /// <param name="buffer">Where the message to the client goes, at least <see cref="MinReplyBuffer"/> bytes.</param>
    /// <param name="now">When it came.</param>
    /// <param name="forward">The message to the client; only where the disposition is <see cref="TurnServerDisposition.Relayed"/>.</param>
    public TurnServerDisposition HandleIcmp(
        RelayId relay,
        PeerAddress peer,
        IcmpError error,
        Span<byte> buffer,
        Instant now,
        out ClientForward forward)
        => _relay.HandleIcmp(relay, peer, error, buffer, now, out forward);

    /// <summary>Takes the end of a client's TCP or TLS connection, whether it carried an allocation or not.</summary>
    /// <param name="path">The connection.</param>
    /// <param name="now">When it ended.</param>
    public void HandleClientClosed(in FiveTuple path, Instant now)
    {
        _connections.HandleDataClosed(path);
        if (_context.Allocations.Find(path) is { } allocation)
        {
            _context.End(allocation, AllocationEndReason.ConnectionLost, now);
        }
    }

    /// <summary>Takes a connection that a peer made to a relay address (RFC 6062 section 5.3).</summary>
    /// <param name="relay">The relay socket.</param>
    /// <param name="peer">The peer.</param>
    /// <param name="now">When it was accepted.</param>
    /// <param name="connection">Its name from now on.</param>
    /// <returns>False where it must be closed at once.</returns>
    public bool TryAcceptPeer(RelayId relay, PeerAddress peer, Instant now, out ConnectionId connection)
        => _connections.TryAccept(relay, peer, now, out connection);

    /// <summary>Takes the success of a <see cref="TurnServerCommandKind.Connect"/>.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="now">The time.</param>
    /// <returns>False where nobody waits for it any more: close it.</returns>
    public bool HandlePeerConnected(ConnectionId connection, Instant now) => _connections.HandleConnected(connection, now);

    /// <summary>Takes the failure of a <see cref="TurnServerCommandKind.Connect"/>.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="now">The time.</param>
    public void HandlePeerConnectFailed(ConnectionId connection, Instant now) => _connections.HandleConnectFailed(connection);

    /// <summary>Takes the end of a peer's connection, or of the client's that is joined to it. The loop closes both.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="now">The time.</param>
    public void HandlePeerClosed(ConnectionId connection, Instant now) => _connections.HandleClosed(connection);

    /// <summary>Lets time pass.</summary>
    /// <param name="now">The time.</param>
    public void HandleTimeout(Instant now)
    {
        while (_context.Allocations.TryTakeDue(now, out AllocatedRelay? relay))
        {
            _context.End(relay, AllocationEndReason.Expired, now);
        }

        _context.Relays.CancelExpiredReservations(now);
        _connections.HandleTimeout(now);
    }

    /// <summary>Replaces the options for everything that comes from now on; live allocations stay as they are.</summary>
    /// <param name="options">The options.</param>
    /// <param name="credentials">The users; null for none.</param>
    /// <exception cref="ArgumentException">As the constructor's; everything stays as it was.</exception>
    public void Reconfigure(TurnServerOptions options, ICredentialSource? credentials)
    {
        ArgumentNullException.ThrowIfNull(options);
        TurnServerRules.Verify(options);
        _context.Options = options;
        Configure(options, credentials);
    }

    /// <summary>Takes no new allocations from now on; live ones stay and can be refreshed.</summary>
    public void Drain() => _context.IsDraining = true;

    /// <summary>Reads the next command.</summary>
    /// <param name="command">The command.</param>
    public bool TryReadCommand(out TurnServerCommand command) => _context.Commands.TryDequeue(out command);

    /// <summary>Reads the next message to a client that is not the reply to what was just received.</summary>
    /// <param name="buffer">Where it goes, at least <see cref="MinReplyBuffer"/> bytes.</param>
    /// <param name="transmit">Its destination and length.</param>
    public bool TryReadTransmit(Span<byte> buffer, out ClientTransmit transmit)
    {
        if (!_context.Transmits.TryDequeue(out (FiveTuple Path, byte[] Message) next))
        {
            transmit = default;
            return false;
        }

        next.Message.CopyTo(buffer);
        transmit = new ClientTransmit(next.Path, next.Message.Length);
        return true;
    }

    /// <summary>Reads the next event.</summary>
    /// <param name="happened">The event.</param>
    public bool TryReadEvent([NotNullWhen(true)] out TurnServerEvent? happened) => _context.Events.TryDequeue(out happened);

    /// <summary>Ends all allocations, and with them everything that was taken of the shared resources; the events tell of them.</summary>
    /// <param name="now">The time.</param>
    public void Stop(Instant now)
    {
        foreach (Allocation allocation in (List<Allocation>)[.. _context.Allocations.All])
        {
            _context.End(allocation, AllocationEndReason.Stopped, now);
        }

        _context.Relays.CancelAllReservations(now);
    }

    /// <summary>Erases the keys. <see cref="Stop"/> comes first.</summary>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _authenticator?.Dispose();
        }
    }

    private static Instant? Earliest(Instant? left, Instant? right) => left is null || right < left ? right ?? left : left;

    private static TurnServerStep Silent(TurnServerDisposition disposition) => new(TurnServerAction.None, disposition);

    [MemberNotNull(nameof(_binding))]
    private void Configure(TurnServerOptions options, ICredentialSource? credentials)
    {
        // The shared budget of unproven sources counts here, not one of this loop's own.
        _binding = new BindingServer(options.Binding with { RateLimit = null });
        _authenticator?.Dispose();
        _authenticator = credentials is null ? null : new Authenticator(options, _context.Resources, credentials, _context.Random);
    }

    private TurnServerStep HandleBinding(ReadOnlySpan<byte> message, in FiveTuple path, Span<byte> buffer, Instant now)
    {
        bool reliable = path.Transport != StunTransport.Udp;
        if (!reliable && !_context.Resources.TryTakeReply(path.Client.Value, proven: false, now))
        {
            return Silent(TurnServerDisposition.RateLimited);
        }

        var arrival = new BindingArrival(path.Client.Value, path.Server, reliable, now);
        BindingDisposition disposition = _binding.HandleDatagram(message, arrival, buffer, out BindingReply reply);
        if (!reliable && _context.Options.StrictAmplification && reply.Length > message.Length)
        {
            return Silent(TurnServerDisposition.RateLimited);
        }

        return disposition switch
        {
            BindingDisposition.Answered => new TurnServerStep(TurnServerAction.Reply, TurnServerDisposition.Answered, reply),
            BindingDisposition.Refused => new TurnServerStep(TurnServerAction.Reply, TurnServerDisposition.Refused, reply),
            BindingDisposition.WrongFingerprint => Silent(TurnServerDisposition.WrongFingerprint),
            BindingDisposition.NotARequest => Silent(TurnServerDisposition.NotARequest),
            BindingDisposition.UnknownMethod => Silent(TurnServerDisposition.UnknownMethod),
            _ => Silent(TurnServerDisposition.Malformed),
        };
    }

    private TurnServerStep HandleRequest(in StunMessage request, in FiveTuple path, Span<byte> buffer, Instant now)
    {
        bool served = request.Method is StunMethod.Allocate or StunMethod.Refresh or StunMethod.CreatePermission or StunMethod.ChannelBind
            or StunMethod.Connect or StunMethod.ConnectionBind;
        if (!served || _authenticator is null)
        {
            return Silent(TurnServerDisposition.UnknownMethod);
        }

        if (request.Bytes.Length > MaxRequestSize)
        {
            return Silent(TurnServerDisposition.TooLarge);
        }

        Allocation? allocation = _context.Allocations.Find(path);
        if (!_authenticator.TryAccept(
            request,
            path,
            allocation,
            buffer,
            now,
            out VerifiedStunMessage verified,
            out IntegrityKey? key,
            out TurnServerStep step))
        {
            return step;
        }

        var authenticated = new AuthenticatedRequest(verified, key!, path, _authenticator.Username, buffer, now);
        if (allocation is not null
            && allocation.IsOf(_authenticator.Username)
            && allocation.Replies.TryGet(request.TransactionId, now, buffer, out int length))
        {
            return new TurnServerStep(
                TurnServerAction.Reply,
                TurnServerDisposition.Answered,
                new BindingReply(path.Server, path.Client.Value, length));
        }

        step = Dispatch(authenticated, allocation);
        if (step.Disposition == TurnServerDisposition.Answered && _context.Allocations.Find(path) is { } kept)
        {
            kept.Replies.Add(request.TransactionId, buffer[..step.Reply.Length], now);
        }

        return step;
    }

    private TurnServerStep Dispatch(in AuthenticatedRequest request, Allocation? allocation)
    {
        Span<StunAttributeType> unknown = stackalloc StunAttributeType[MaxUnknownAttributes];
        int count = request.Message.CollectUnknownAttributes(
            _context.Options.SupportsDontFragment ? TurnAttributes.RequestsWithDontFragment : TurnAttributes.Requests,
            unknown);
        if (count != 0)
        {
            return request.RefuseUnknown(unknown[..count]);
        }

        switch (request.Message.Method)
        {
            case StunMethod.Allocate:
                return _allocate.Handle(request, _authenticator!.Account);
            case StunMethod.ConnectionBind:
                return _connectionBind.Handle(request);
        }

        if (allocation is null)
        {
            return request.Refuse(StunErrorCode.AllocationMismatch);
        }

        // RFC 8656 section 5: nobody takes over an allocation, whatever valid credential he has.
        if (!allocation.IsOf(request.Username))
        {
            return request.Refuse(StunErrorCode.WrongCredentials);
        }

        return request.Message.Method switch
        {
            StunMethod.Refresh => _refresh.Handle(request, allocation),
            StunMethod.CreatePermission => _createPermission.Handle(request, allocation),
            StunMethod.ChannelBind => _channelBind.Handle(request, allocation),
            _ => _connect.Handle(request, allocation),
        };
    }
}
