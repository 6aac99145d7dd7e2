namespace Stack.Stun;

/// <summary>The names of RFC 3489 section 5, which people still use; derived from mapping and filtering.</summary>
public enum ClassicNatType : byte
{
    /// <summary>It could not be told.</summary>
    Unknown,

    /// <summary>No NAT, nothing filtered.</summary>
    OpenInternet,

    /// <summary>Endpoint-independent mapping and filtering.</summary>
    FullCone,

    /// <summary>Endpoint-independent mapping, address-dependent filtering.</summary>
    RestrictedCone,

    /// <summary>Endpoint-independent mapping, address and port-dependent filtering.</summary>
    PortRestrictedCone,

    /// <summary>A mapping that depends on the destination.</summary>
    Symmetric,

    /// <summary>No NAT, but a firewall that lets in answers only.</summary>
    SymmetricFirewall,

    /// <summary>No server answered over UDP.</summary>
    UdpBlocked,
}
