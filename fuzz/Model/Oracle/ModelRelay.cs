using System;
using System.Collections.Generic;
using Stack.Fuzz.Reference;

namespace Stack.Fuzz.Model;

/// <summary>One relayed address with its permissions.</summary>
internal sealed class ModelRelay(long id, ModelAllocation owner, ModelRelayAddress address, int port, long expires)
{
    public const long PermissionLifetime = 300 * TimeSpan.TicksPerSecond;

    public long Id { get; } = id;

    public ModelAllocation Owner { get; } = owner;

    public ModelRelayAddress Address { get; } = address;

    public int Port { get; } = port;

    public ReferenceAddress Local => Address.Local with { Port = Port };

    public ReferenceAddress Advertised => Address.Advertised with { Port = Port };

    public int Family => Address.Local.Family;

    public long Expires { get; set; } = expires;

    /// <summary>When it was last given a lifetime, in numbers of such events: of what is due at once, the elder goes first.</summary>
    public long Turn { get; set; }

    /// <summary>Addresses, and until when.</summary>
    public Dictionary<UInt128, long> Permissions { get; } = [];

    public bool Permits(ReferenceAddress peer, long now)
        => peer.Family == Family && Permissions.TryGetValue(peer.Number, out long until) && now < until;

    public void Permit(ReferenceAddress peer, long now)
    {
        Permissions[peer.Number] = now + PermissionLifetime;
        Owner.NotePeer(peer);
    }
}
