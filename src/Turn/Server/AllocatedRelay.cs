using System;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>One relayed transport address of an allocation with its permissions: what a single allocation has one of and a dual one two.</summary>
internal sealed class AllocatedRelay(RelayId id, Allocation owner, RelayAddress address, int port, Instant expires)
{
    // What every packet needs stands together, as in Allocation: fields lie in the order in which they are declared.
    private readonly RelayId _id = id;
    private Instant _expires = expires;

    // Until when each address may send to the client (RFC 8656 section 9).
    private SmallMap<UInt128, Instant> _permissions;

    public RelayId Id => _id;

    public Instant Expires
    {
        get => _expires;
        set => _expires = value;
    }

    public Allocation Owner { get; } = owner;

    /// <summary>Where the socket is bound.</summary>
    public TransportAddress Local { get; } = address.Local.WithPort(port);

    /// <summary>What the client is told.</summary>
    public TransportAddress Advertised { get; } = address.Advertised.WithPort(port);

    public StunAddressFamily Family { get; } = address.Local.Family;

    /// <summary>All that are held, expired ones that nobody has met included; the bound of memory.</summary>
    public int PermissionCount => _permissions.Count;

    // Only addresses are compared, not ports (RFC 8656 section 9); the family is this relay's.
    public bool IsPermitted(PeerAddress peer, Instant now)
        => peer.Value.Family == Family
            && _permissions.TryGetValue(peer.Value.Bits, out Instant until)
            && now < until;

    public void Permit(PeerAddress peer, Instant now)
    {
        _permissions.Set(peer.Value.Bits, now + Lifetimes.Permission);
        Owner.NotePeer(peer);
    }

    public void RemoveExpiredPermissions(Instant now)
    {
        foreach (UInt128 peer in _permissions.CopyKeys())
        {
            if (_permissions.TryGetValue(peer, out Instant until) && now >= until)
            {
                _permissions.Remove(peer);
            }
        }
    }
}
