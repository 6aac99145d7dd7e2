namespace Stack.TestKit;

/// <summary>How a client of the NAT lab reaches the public network: RFC 4787 mapping and filtering of the box in front of it.</summary>
public enum NatKind
{
    /// <summary>A public address, routed, nothing filtered.</summary>
    Open,

    /// <summary>Endpoint-independent mapping and filtering.</summary>
    FullCone,

    /// <summary>Endpoint-independent mapping, address-dependent filtering.</summary>
    AddressRestricted,

    /// <summary>Endpoint-independent mapping, address and port-dependent filtering.</summary>
    PortRestricted,

    /// <summary>Address-dependent mapping and filtering: one public address for each half of the destinations, ports kept.</summary>
    AddressDependentMapping,

    /// <summary>Address and port-dependent mapping and filtering: a random port for each destination.</summary>
    Symmetric,

    /// <summary>A public address behind a firewall that lets in only what was contacted, by address and port.</summary>
    SymmetricFirewall,

    /// <summary>A plain Linux masquerade whose own stack answers what nobody asked for: such a datagram occupies the
    /// conntrack entry, so that the next one sent to its source is mapped to another port.</summary>
    LinuxMasquerade,

    /// <summary>A NAT that passes TCP and silently drops every UDP datagram.</summary>
    UdpBlocked,
}
