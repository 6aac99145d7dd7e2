using System;
using System.Collections.Generic;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>One relayed transport address of an allocation with its permissions: what a single allocation has one of and a dual one two.</summary>
internal sealed class AllocatedRelay(RelayId id, Allocation owner, RelayAddress address, int port, Instant expires)
{
    private readonly Dictionary<UInt128, Permission> _permissions = [];

    public RelayId Id { get; } = id;

    public Allocation Owner { get; } = owner;

    /// <summary>Where the socket is bound.</summary>
    public TransportAddress Local { get; } = address.Local.WithPort(port);

    /// <summary>What the client is told.</summary>
    public TransportAddress Advertised { get; } = address.Advertised.WithPort(port);

    public StunAddressFamily Family => Local.Family;

    public Instant Expires { get; set; } = expires;

    /// <summary>All that are held, expired ones that nobody has met included; the bound of memory.</summary>
    public int PermissionCount => _permissions.Count;

    // Only addresses are compared, not ports (RFC 8656 section 9); the family is this relay's.
    public bool IsPermitted(PeerAddress peer, Instant now)
        => peer.Value.Family == Family
            && _permissions.TryGetValue(peer.Value.Bits, out Permission? permission)
            && permission.IsActive(now);

    public void Permit(PeerAddress peer, Instant now)
    {
        Instant until = now + Lifetimes.Permission;
        if (_permissions.TryGetValue(peer.Value.Bits, out Permission? permission))
        {
            permission.Expires = until;
        }
        else
        {
            _permissions.Add(peer.Value.Bits, new Permission(until));
        }

        Owner.NotePeer(peer);
    }

    public void RemoveExpiredPermissions(Instant now)
    {
        foreach ((UInt128 address, Permission permission) in _permissions)
        {
            if (!permission.IsActive(now))
            {
                _permissions.Remove(address);
            }
        }
    }
}
