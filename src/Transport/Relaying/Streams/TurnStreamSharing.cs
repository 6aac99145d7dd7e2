using System;
using System.Collections.Generic;
using System.Net.Security;
using System.Threading;
using Stack.Stun;
using Stack.Turn;

namespace Stack.Transport;

/// <summary>What the TCP and TLS connections of all listeners share: quotas, the certificate, the loops that they belong to.</summary>
internal sealed class TurnStreamSharing(
    TurnConnectionLimits limits,
    TimeProvider timeProvider,
    ServerJournal journal,
    IReadOnlyList<RelayShard> shards)
{
    private readonly ConnectionQuota _all = new(limits.MaxConnections, limits.MaxConnections);
    private readonly ConnectionQuota _unauthenticated = new(limits.MaxUnauthenticated, limits.MaxUnauthenticatedPerSource);
    private volatile SslStreamCertificateContext? _certificate;
    private volatile bool _hasCredentials;
    private volatile bool _acceptsRfc5766Channels;
    private int _turn = -1;

    public TurnConnectionLimits Limits { get; } = limits;

    public TimeProvider TimeProvider { get; } = timeProvider;

    public ServerJournal Journal { get; } = journal;

    public StreamConnectionCounters Metrics { get; } = new();

    public int Count => _all.Count;

    /// <summary>The certificate of the handshakes to come.</summary>
    public SslStreamCertificateContext? Certificate
    {
        get => _certificate;
        set => _certificate = value;
    }

    public bool HasCredentials
    {
        get => _hasCredentials;
        set => _hasCredentials = value;
    }

    public bool AcceptsRfc5766Channels
    {
        get => _acceptsRfc5766Channels;
        set => _acceptsRfc5766Channels = value;
    }

    public bool TryEnter(TransportAddress remote)
    {
        if (!_unauthenticated.TryEnter(remote))
        {
            return false;
        }

        if (_all.TryEnter(remote))
        {
            return true;
        }

        _unauthenticated.Leave(remote);
        return false;
    }

    public void LeaveUnauthenticated(TransportAddress remote) => _unauthenticated.Leave(remote);

    public void Leave(TransportAddress remote) => _all.Leave(remote);

    /// <summary>
    /// The loop that a connection belongs to, by its first message. One that is to be joined to a peer's must be where that one is
    /// (RFC 6062 section 5.4): the first byte of its CONNECTION-ID tells. The others are spread.
    /// </summary>
    public RelayShard Choose(ReadOnlySpan<byte> firstMessage)
    {
        if (StunMessage.Decode(firstMessage, out StunMessage message) == StunDecodeStatus.Ok
            && message is { Method: StunMethod.ConnectionBind, Class: StunClass.Request }
            && message.ReadConnectionId(out ConnectionId id) == StunAttributeStatus.Present
            && id.Value >> 24 < shards.Count)
        {
            return shards[(int)(id.Value >> 24)];
        }

        return shards[(int)((uint)Interlocked.Increment(ref _turn) % (uint)shards.Count)];
    }
}
