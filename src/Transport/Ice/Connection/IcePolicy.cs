namespace Stack.Transport;

/// <summary>How much of the host's addresses the peer gets to know, and which ways are used (RFC 8828 section 5.2).</summary>
public enum IcePolicy
{
    /// <summary>All candidates, with addresses as they are.</summary>
    All,

    /// <summary>
    /// All candidates, host ones with a random <c>.local</c> name in place of the address, which is resolved on the same link alone (mDNS, RFC 6762).
    /// Related addresses are not told.
    /// </summary>
    NamedHosts,

    /// <summary>No host candidates; server-reflexive and relayed ones without related addresses.</summary>
    NoHosts,

    /// <summary>Relayed candidates alone: no packet goes from this host to the peer but through a TURN server.</summary>
    RelayOnly,
}
