using Stack.Stun;

namespace Stack.Turn;

/// <summary>
/// The channels of an allocation, by number and by peer (RFC 8656 section 12). Expired ones are taken out when they are met: nothing needs a timer.
/// Stands in its allocation: use it there.
/// </summary>
internal struct ChannelTable
{
    private SmallMap<ChannelNumber, ChannelBinding> _byNumber;
    private SmallMap<PeerAddress, ChannelNumber> _byPeer;

    /// <summary>All that are held, expired ones that nobody has met included; the bound of memory.</summary>
    public readonly int Count => _byNumber.Count;

    public readonly bool TryGet(ChannelNumber number, Instant now, out ChannelBinding channel)
        => _byNumber.TryGetValue(number, out channel) && channel.IsActive(now);

    public readonly bool TryGet(PeerAddress peer, Instant now, out ChannelBinding channel)
    {
        channel = default;
        return _byPeer.TryGetValue(peer, out ChannelNumber number) && TryGet(number, now, out channel);
    }

    /// <summary>Adds a binding, or the one that it refreshes has its time.</summary>
    public void Set(in ChannelBinding channel)
    {
        // An expired binding of the number or of the peer makes room.
        if (_byNumber.TryGetValue(channel.Number, out ChannelBinding old))
        {
            Remove(old);
        }

        if (_byPeer.TryGetValue(channel.Peer, out ChannelNumber number) && _byNumber.TryGetValue(number, out old))
        {
            Remove(old);
        }

        _byNumber.Set(channel.Number, channel);
        _byPeer.Set(channel.Peer, channel.Number);
    }

    public void RemoveExpired(Instant now)
    {
        foreach (ChannelNumber number in _byNumber.CopyKeys())
        {
            if (_byNumber.TryGetValue(number, out ChannelBinding channel) && !channel.IsActive(now))
            {
                Remove(channel);
            }
        }
    }

    public void RemoveAll(AllocatedRelay relay)
    {
        foreach (ChannelNumber number in _byNumber.CopyKeys())
        {
            if (_byNumber.TryGetValue(number, out ChannelBinding channel) && channel.Relay == relay)
            {
                Remove(channel);
            }
        }
    }

    private void Remove(in ChannelBinding channel)
    {
        _byNumber.Remove(channel.Number);
        _byPeer.Remove(channel.Peer);
    }
}
