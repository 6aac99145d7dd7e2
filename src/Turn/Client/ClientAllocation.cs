using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>
/// The client's side of one 5-tuple: one allocation, single or dual, UDP or TCP relay, with its permissions and channels, all of which it
/// keeps alive (RFC 8656 sections 7 to 12, RFC 6062 section 4).
/// </summary>
/// <remarks>
/// <para>Sans-IO, single-threaded by contract. Four kinds of members:</para>
/// <para>Inputs: <see cref="HandleDatagram"/>, <see cref="HandleTimeout"/>, <see cref="HandleUnreachable"/>,
/// <see cref="HandleConnectionLost"/>. They never throw on a server's bytes.</para>
/// <para>Commands: <see cref="Allocate"/>, <see cref="Permit(TransportAddress, Instant)"/>, <see cref="BindChannel"/>, <see cref="Connect"/>, <see cref="Refresh"/>,
/// <see cref="Release"/>, <see cref="TryFrame"/>. They throw at once on a caller's mistake.</para>
/// <para>Outputs: <see cref="TryReadTransmit"/>, <see cref="TryReadEvent"/>, <see cref="NextTimeout"/>. After each input or command drain the
/// transmits, then the events, then read the next timeout. After <see cref="ClientDisposition.PeerData"/> there is nothing new.</para>
/// <para>Queries: the properties. Dispose it to erase the key.</para>
/// </remarks>
public sealed partial class ClientAllocation : IDisposable
{
    /// <summary>The size that a buffer for <see cref="TryReadTransmit"/> needs, in bytes.</summary>
    public const int MaxRequestSize = ClientRequests.MaxRequestSize;

    /// <summary>How many permissions can be wanted at a time; a bound of ours. Servers may have a lower one.</summary>
    public const int MaxPermissions = 1024;

    /// <summary>How many connections can be asked for at a time; a bound of ours.</summary>
    public const int MaxConnects = 64;

    private readonly TransportAddress _server;
    private readonly ClientAllocationOptions _options;
    private readonly RandomNumberGenerator _random;
    private readonly ClientRequests _requests;
    private readonly Queue<ClientAllocationEvent> _events = new();
    private readonly ClientPermissions _permissions;
    private readonly ClientChannels _channels;
    private readonly ClientConnects _connects;
    private Instant? _nextDue;

    /// <summary>Starts without an allocation.</summary>
    /// <param name="server">The server's address: the only source that is believed.</param>
    /// <param name="options">What is asked for.</param>
    /// <param name="random">Where transaction ids come from; stays the caller's.</param>
    /// <exception cref="ArgumentException">The options ask for what RFC 8656 section 7.1 or RFC 6062 section 4.1 forbids to ask for.</exception>
    public ClientAllocation(TransportAddress server, ClientAllocationOptions options, RandomNumberGenerator random)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(random);
        ClientAllocationOptions.Validate(options);
        _server = server;
        _options = options;
        _random = random;
        _requests = new ClientRequests(server, options.Credential is { } credential ? new LongTermClient(credential) : null, IsStream, options.Schedule, random);
        _permissions = new ClientPermissions(_events);
        _channels = new ClientChannels(_events);
        _connects = new ClientConnects(_events);
    }

    /// <summary>The state.</summary>
    public ClientAllocationState State { get; private set; }

    /// <summary>What the server has granted; null before.</summary>
    public AllocationGrant? Grant { get; private set; }

    /// <summary>When the allocation expires, unless it is refreshed before; null without an allocation.</summary>
    public Instant? Expires => State == ClientAllocationState.Active ? _expires : null;

    /// <summary>When <see cref="HandleTimeout"/> wants to be called; null where nothing is waited for.</summary>
    public Instant? NextTimeout
    {
        get
        {
            Instant? next = State is ClientAllocationState.Idle or ClientAllocationState.Ended ? null : _requests.NextTimeout;
            return next is null || _nextDue < next ? _nextDue ?? next : next;
        }
    }

    private bool IsStream => _options.Transport != StunTransport.Udp;

    /// <summary>Takes a datagram, or a message that a framer has cut out of a stream.</summary>
    /// <param name="datagram">Exactly the bytes received.</param>
    /// <param name="source">Where they came from.</param>
    /// <param name="now">When they came.</param>
    /// <param name="data">Where a peer's data stands in the bytes, for <see cref="ClientDisposition.PeerData"/>.</param>
    public ClientDisposition HandleDatagram(ReadOnlySpan<byte> datagram, TransportAddress source, Instant now, out PeerPayload data)
    {
        data = default;
        if (source != _server)
        {
            return ClientDisposition.WrongSource;
        }

        if (State is ClientAllocationState.Idle or ClientAllocationState.Ended || LoseIfExpired(now))
        {
            return ClientDisposition.NoAllocation;
        }

        if (StunDemultiplexer.Classify(datagram) == StunPacketKind.ChannelData)
        {
            return HandleChannelData(datagram, out data);
        }

        if (StunMessage.Decode(datagram, out StunMessage message) != StunDecodeStatus.Ok)
        {
            return ClientDisposition.Malformed;
        }

        if (message.Class == StunClass.Indication)
        {
            return HandleIndication(message, now, out data);
        }

        DatagramDisposition disposition = _requests.HandleResponse(datagram, now);
        Advance(now);
        return disposition switch
        {
            DatagramDisposition.Completed => ClientDisposition.Completed,
            DatagramDisposition.WrongFingerprint => ClientDisposition.WrongFingerprint,
            DatagramDisposition.UnknownTransaction => ClientDisposition.UnknownTransaction,
            DatagramDisposition.Ignored => ClientDisposition.Ignored,
            _ => ClientDisposition.NotExpected,
        };
    }

    /// <summary>Lets time pass.</summary>
    /// <param name="now">The time.</param>
    public void HandleTimeout(Instant now)
    {
        if (State is ClientAllocationState.Idle or ClientAllocationState.Ended || LoseIfExpired(now))
        {
            return;
        }

        _requests.HandleTimeout(now);
        Advance(now);
    }

    /// <summary>
    /// Takes an ICMP error about the server, or the refusal of the operating system to send. The allocation may be gone with the server's
    /// process, so it is refreshed at once, at most every five seconds.
    /// </summary>
    /// <param name="now">When it came.</param>
    public void HandleUnreachable(Instant now)
    {
        if (State is ClientAllocationState.Idle or ClientAllocationState.Ended || LoseIfExpired(now))
        {
            return;
        }

        _requests.HandleUnreachable(now);
        SuspectServer(now);
        Advance(now);
    }

    /// <summary>Takes the end of the connection to the server, with which an allocation over TCP or TLS ends (RFC 8656 section 3.1).</summary>
    /// <param name="now">When it came.</param>
    public void HandleConnectionLost(Instant now)
    {
        switch (State)
        {
            case ClientAllocationState.Active:
                Lose(AllocationLossReason.ConnectionLost, null, now);
                break;
            case ClientAllocationState.Allocating or ClientAllocationState.Releasing:
                _requests.HandleConnectionLost(now);
                Advance(now);
                break;
        }
    }

    /// <summary>Reads the next request to send.</summary>
    /// <param name="buffer">Where it goes; <see cref="MaxRequestSize"/> bytes.</param>
    /// <param name="now">The time, from which the retransmission is counted.</param>
    /// <param name="transmit">Its destination, which is the server, and its length.</param>
    /// <returns>False where there is nothing to send.</returns>
    /// <exception cref="ArgumentException">The buffer is too small.</exception>
    public bool TryReadTransmit(Span<byte> buffer, Instant now, out StunTransmit transmit)
    {
        transmit = default;
        return State is not (ClientAllocationState.Idle or ClientAllocationState.Ended) && _requests.TryReadTransmit(buffer, now, out transmit);
    }

    /// <summary>Reads what has happened next.</summary>
    /// <param name="happened">The event.</param>
    /// <returns>False where nothing has.</returns>
    public bool TryReadEvent(out ClientAllocationEvent happened) => _events.TryDequeue(out happened);

    /// <summary>Erases the key. The server is not told: <see cref="Release"/> does that.</summary>
    public void Dispose() => _requests.Dispose();

    /// <summary>When to ask again: at once after a silence, which has taken its time; otherwise a little later.</summary>
    internal static Instant RetryAt(RequestFailure failure, Instant now) => failure.IsSilence ? now : now + RetryDelay;

    internal static void Consider(ref Instant? next, Instant at, Instant now)
    {
        // What is due and was not begun waits for room, not for time.
        if (at > now && (next is null || at < next))
        {
            next = at;
        }
    }
}
