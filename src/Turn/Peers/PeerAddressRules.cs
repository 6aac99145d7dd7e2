using System.Collections.Generic;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>The operator's part of the peer policy. The default lifts nothing.</summary>
public sealed record PeerAddressRules
{
    /// <summary>Networks that are allowed although the default denies them.</summary>
    public IReadOnlyList<AddressPrefix> Allow { get; init; } = [];

    /// <summary>Networks that are denied, whatever <see cref="Allow"/> says.</summary>
    public IReadOnlyList<AddressPrefix> Deny { get; init; } = [];

    /// <summary>Ports that are allowed although the default denies them.</summary>
    public IReadOnlyList<PortRange> AllowPorts { get; init; } = [];

    /// <summary>The endpoints that the server itself listens on, for whatever service; denied always.</summary>
    public IReadOnlyList<TransportAddress> OwnEndPoints { get; init; } = [];

    /// <summary>The addresses of this machine; ports do not count.</summary>
    public IReadOnlyList<TransportAddress> LocalAddresses { get; init; } = [];

    /// <summary>The addresses that relayed addresses are made of, as bound and as advertised; ports do not count.</summary>
    public IReadOnlyList<TransportAddress> RelayAddresses { get; init; } = [];

    /// <summary>Whether only relayed addresses of this server are relayed to; not by default.</summary>
    public bool RelaysOnly { get; init; }
}
