using System;
using System.Collections.Generic;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>The connections to peers that a TCP allocation is asked for (RFC 6062 section 4.3): one request a peer, ten seconds after a failure.</summary>
internal sealed class ClientConnects(Queue<ClientAllocationEvent> events)
{
    /// <summary>RFC 6062 section 4.3: after 447 the client MUST wait at least 10 seconds.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    // The time from which a peer may be asked for; null once it has been.
    private readonly Dictionary<TransportAddress, Instant?> _wanted = [];
    private readonly Dictionary<TransportAddress, Instant> _pauses = [];

    public void Add(TransportAddress peer, Instant now)
    {
        if (_wanted.ContainsKey(peer))
        {
            throw new InvalidOperationException("A connection to this peer is being made (RFC 6062 section 4.3).");
        }

        if (_wanted.Count >= ClientAllocation.MaxConnects)
        {
            throw new InvalidOperationException($"At most {ClientAllocation.MaxConnects} connections are made at a time.");
        }

        _wanted.Add(peer, _pauses.TryGetValue(peer, out Instant until) && until > now ? until : now);
    }

    public void Clear()
    {
        _wanted.Clear();
        _pauses.Clear();
    }

    public bool TryTakeDue(Instant now, out TransportAddress due)
    {
        foreach ((TransportAddress peer, Instant? from) in _wanted)
        {
            if (from <= now)
            {
                _wanted[peer] = null;
                due = peer;
                return true;
            }
        }

        due = default;
        return false;
    }

    public void Complete(TransportAddress peer, RequestTransaction transaction, RequestFailure? failure, Instant now)
    {
        _wanted.Remove(peer);
        ConnectionId id = default;
        if (failure is null)
        {
            StunMessage.Decode(transaction.Response.Span, out StunMessage response);
            if (response.ReadConnectionId(out id) != StunAttributeStatus.Present)
            {
                failure = new RequestFailure(RequestFailureReason.IncompleteSuccess, transaction);
            }
        }

        if (failure is null)
        {
            events.Enqueue(new ClientAllocationEvent(ClientAllocationEventKind.PeerConnected) { Peer = peer, Connection = id });
            return;
        }

        if (failure.Code == StunErrorCode.ConnectionTimeoutOrFailure)
        {
            NotePause(peer, now);
        }

        events.Enqueue(new ClientAllocationEvent(ClientAllocationEventKind.PeerConnectionFailed) { Peer = peer, Failure = failure });
    }

    public void ConsiderTimeouts(ref Instant? next, Instant now)
    {
        foreach (Instant? from in _wanted.Values)
        {
            if (from is { } due)
            {
                ClientAllocation.Consider(ref next, due, now);
            }
        }
    }

    private void NotePause(TransportAddress peer, Instant now)
    {
        foreach ((TransportAddress other, Instant until) in _pauses)
        {
            if (until <= now)
            {
                _pauses.Remove(other);
            }
        }

        if (_pauses.Count < ClientAllocation.MaxConnects)
        {
            _pauses[peer] = now + Pause;
        }
    }
}
