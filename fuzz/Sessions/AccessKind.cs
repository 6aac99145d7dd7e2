namespace Stack.Fuzz.Sessions;

/// <summary>How an interface of an agent's host gets to the internet.</summary>
public enum AccessKind
{
    /// <summary>A public IPv4 address, no filter.</summary>
    Open,

    /// <summary>A public IPv4 address behind a stateful firewall.</summary>
    Firewalled,

    /// <summary>Behind one NAT.</summary>
    Nat,

    /// <summary>Behind a NAT behind a NAT.</summary>
    DoubleNat,

    /// <summary>Behind a NAT that lets out TCP to port 443 alone.</summary>
    UdpBlocked,

    /// <summary>A public IPv6 address, no filter.</summary>
    Open6,

    /// <summary>A public IPv6 address behind a stateful firewall.</summary>
    Firewalled6,

    /// <summary>IPv6 alone, with NAT64.</summary>
    Nat64,
}
