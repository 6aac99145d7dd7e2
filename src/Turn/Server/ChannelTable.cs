using System.Collections.Generic;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>
/// The channels of an allocation, by number and by peer (RFC 8656 section 12). Expired ones are taken out when they are met: nothing needs a timer.
/// </summary>
internal sealed class ChannelTable
{
    private readonly Dictionary<ChannelNumber, ChannelBinding> _byNumber = [];
    private readonly Dictionary<PeerAddress, ChannelBinding> _byPeer = [];

    /// <summary>All that are held, expired ones that nobody has met included; the bound of memory.</summary>
    public int Count => _byNumber.Count;

    public bool TryGet(ChannelNumber number, Instant now, out ChannelBinding channel)
        => _byNumber.TryGetValue(number, out channel!) && channel.IsActive(now);

    public bool TryGet(PeerAddress peer, Instant now, out ChannelBinding channel)
        => _byPeer.TryGetValue(peer, out channel!) && channel.IsActive(now);

    public void Add(ChannelBinding channel)
    {
        // An expired binding of the number or of the peer makes room.
        if (_byNumber.TryGetValue(channel.Number, out ChannelBinding? old))
        {
            Remove(old);
        }

        if (_byPeer.TryGetValue(channel.Peer, out old))
        {
            Remove(old);
        }

        _byNumber.Add(channel.Number, channel);
        _byPeer.Add(channel.Peer, channel);
    }

    public void RemoveExpired(Instant now)
    {
        foreach (ChannelBinding channel in (List<ChannelBinding>)[.. _byNumber.Values])
        {
            if (!channel.IsActive(now))
            {
                Remove(channel);
            }
        }
    }

    public void RemoveAll(AllocatedRelay relay)
    {
        foreach (ChannelBinding channel in (List<ChannelBinding>)[.. _byNumber.Values])
        {
            if (channel.Relay == relay)
            {
                Remove(channel);
            }
        }
    }

    private void Remove(ChannelBinding channel)
    {
        _byNumber.Remove(channel.Number);
        _byPeer.Remove(channel.Peer);
    }
}
