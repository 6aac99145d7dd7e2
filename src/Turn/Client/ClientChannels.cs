using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>The channels of an allocation: binds them, keeps them alive, and keeps numbers and peers apart afterwards (RFC 8656 section 12).</summary>
internal sealed class ClientChannels(Queue<ClientAllocationEvent> events)
{
    /// <summary>RFC 8656 section 12: a channel binding lasts for 10 minutes unless refreshed.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    public static readonly TimeSpan RefreshAfter = TimeSpan.FromMinutes(9);

    /// <summary>RFC 8656 section 12: 5 minutes after the end before the number goes to another peer, or the peer to another number.</summary>
    public static readonly TimeSpan Quarantine = TimeSpan.FromMinutes(5);

    private readonly Dictionary<TransportAddress, ClientChannel> _byPeer = [];
    private readonly Dictionary<ChannelNumber, ClientChannel> _byNumber = [];
    private readonly List<ClientChannel> _scratch = [];
    private ushort _next = ChannelNumber.Min.Value;

    /// <summary>The channel that data to a peer can go by.</summary>
    public bool TryGetBound(TransportAddress peer, out ChannelNumber number)
    {
        bool bound = _byPeer.TryGetValue(peer, out ClientChannel? channel) && channel.IsBound;
        number = bound ? channel!.Number : default;
        return bound;
    }

    /// <summary>
    /// The peer that data on a channel comes from. As soon as the request is sent the server may use the channel, before its response is there
    /// (RFC 8656 section 12).
    /// </summary>
    public bool TryGetPeer(ChannelNumber number, out TransportAddress peer)
    {
        bool known = _byNumber.TryGetValue(number, out ClientChannel? channel) && channel.IsWanted;
        peer = known ? channel!.Peer : default;
        return known;
    }

    public bool Contains(TransportAddress peer) => _byPeer.TryGetValue(peer, out ClientChannel? channel) && channel.IsWanted;

    /// <summary>Asks for a channel; a peer gets the number that it had before, while that counts.</summary>
    /// <returns>False where all numbers are taken or in quarantine.</returns>
    public bool TryAdd(TransportAddress peer, Instant now)
    {
        if (_byPeer.TryGetValue(peer, out ClientChannel? channel))
        {
            channel.Due = channel.IsWanted ? channel.Due : now;
            channel.IsWanted = true;
            return true;
        }

        if (!TryTakeNumber(out ChannelNumber number))
        {
            return false;
        }

        channel = new ClientChannel(number, peer) { Due = now };
        _byPeer.Add(peer, channel);
        _byNumber.Add(number, channel);
        return true;
    }

    public void Clear()
    {
        _byPeer.Clear();
        _byNumber.Clear();
    }

    public void Complete(ClientChannel channel, RequestFailure? failure, Instant asked, Instant now)
    {
        channel.IsInFlight = false;
        if (failure is { Reason: RequestFailureReason.ErrorResponse })
        {
            channel.UnboundBy = channel.IsBound ? channel.UnboundBy : now;
        }
        else
        {
            // A request without a response may have been served all the same.
            channel.UnboundBy = now + Lifetime;
        }

        if (!channel.IsWanted)
        {
            // It expired while the request was under way.
            return;
        }

        if (failure is null)
        {
            channel.Expires = asked + Lifetime;
            channel.Due = asked + RefreshAfter;
            channel.LastFailure = null;
            if (!channel.IsBound)
            {
                channel.IsBound = true;
                events.Enqueue(new ClientAllocationEvent(ClientAllocationEventKind.ChannelBound) { Peer = channel.Peer, Channel = channel.Number });
            }
        }
        else if (channel.IsBound)
        {
            channel.LastFailure = failure;
            channel.Due = ClientAllocation.RetryAt(failure, now);
        }
        else
        {
            Retire(channel, failure);
        }
    }

    public void Expire(Instant now)
    {
        _scratch.Clear();
        foreach (ClientChannel channel in _byPeer.Values)
        {
            if ((channel.IsBound && channel.Expires <= now) || (!channel.IsWanted && channel.UnboundBy + Quarantine <= now))
            {
                _scratch.Add(channel);
            }
        }

        foreach (ClientChannel channel in _scratch)
        {
            if (channel.IsWanted)
            {
                Retire(channel, channel.LastFailure);
            }
            else
            {
                _byPeer.Remove(channel.Peer);
                _byNumber.Remove(channel.Number);
            }
        }
    }

    public bool TryTakeDue(Instant now, [NotNullWhen(true)] out ClientChannel? due)
    {
        foreach (ClientChannel channel in _byPeer.Values)
        {
            if (channel.IsWanted && !channel.IsInFlight && channel.Due <= now)
            {
                channel.IsInFlight = true;
                due = channel;
                return true;
            }
        }

        due = null;
        return false;
    }

    public void ConsiderTimeouts(ref Instant? next, Instant now)
    {
        foreach (ClientChannel channel in _byPeer.Values)
        {
            if (channel.IsBound)
            {
                ClientAllocation.Consider(ref next, channel.Expires, now);
            }

            if (!channel.IsWanted)
            {
                ClientAllocation.Consider(ref next, channel.UnboundBy + Quarantine, now);
            }
            else if (!channel.IsInFlight)
            {
                ClientAllocation.Consider(ref next, channel.Due, now);
            }
        }
    }

    private void Retire(ClientChannel channel, RequestFailure? failure)
    {
        channel.IsWanted = false;
        channel.IsBound = false;
        events.Enqueue(new ClientAllocationEvent(ClientAllocationEventKind.ChannelRefused) { Peer = channel.Peer, Failure = failure });
    }

    private bool TryTakeNumber(out ChannelNumber number)
    {
        int count = ChannelNumber.Max.Value - ChannelNumber.Min.Value + 1;
        for (int i = 0; i < count; i++)
        {
            number = new ChannelNumber(_next);
            _next = _next == ChannelNumber.Max.Value ? ChannelNumber.Min.Value : (ushort)(_next + 1);
            if (!_byNumber.ContainsKey(number))
            {
                return true;
            }
        }

        number = default;
        return false;
    }
}
