using System;
using System.Collections.Generic;
using Stack.Fuzz.Reference;

namespace Stack.Fuzz.Model;

/// <summary>
/// Which peers may be relayed to. The networks themselves are the business of another oracle: here the denied addresses of the run are simply
/// listed, and all others but the server's own are the public's.
/// </summary>
internal sealed record ModelPolicy
{
    /// <summary>Addresses, ports 0, that are nobody's or denied.</summary>
    public IReadOnlySet<ReferenceAddress> Denied { get; init; } = new HashSet<ReferenceAddress>();

    /// <summary>What the server itself listens on.</summary>
    public IReadOnlySet<ReferenceAddress> OwnEndPoints { get; init; } = new HashSet<ReferenceAddress>();

    /// <summary>What relayed addresses are made of, ports 0.</summary>
    public IReadOnlySet<ReferenceAddress> Relays { get; init; } = new HashSet<ReferenceAddress>();

    /// <summary>Says of addresses that are not listed, whatever their port where the flag is set, whether they are allowed; null for yes.</summary>
    public Func<ReferenceAddress, bool, bool>? Elsewhere { get; init; }

    public bool RelaysOnly { get; init; }

    /// <summary>Whether a permission may be had for an address.</summary>
    public bool Allows(ReferenceAddress peer)
    {
        ReferenceAddress address = peer with { Port = 0 };
        return !Denied.Contains(address) && (Relays.Contains(address) || (!RelaysOnly && Elsewhere?.Invoke(peer, true) != false));
    }

    /// <summary>Whether data may go to an endpoint.</summary>
    public bool AllowsEndPoint(ReferenceAddress peer, bool isLiveRelay)
    {
        ReferenceAddress address = peer with { Port = 0 };
        if (peer.Port == 0 || OwnEndPoints.Contains(peer) || Denied.Contains(address))
        {
            return false;
        }

        if (Relays.Contains(address))
        {
            return isLiveRelay;
        }

        bool system = peer.Port < 1024 && peer.Port != 80 && peer.Port != 443;
        return !RelaysOnly && !system && Elsewhere?.Invoke(peer, false) != false && peer.Port is not (1900 or 3702 or 5060 or 5061 or 5353 or 11211);
    }
}
