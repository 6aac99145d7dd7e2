namespace Stack.Ice.Tests;

/// <summary>How a host reaches the internet.</summary>
public enum Access : byte
{
    /// <summary>By a public address.</summary>
    Open,

    /// <summary>By a NAT that lets everybody in.</summary>
    FullCone,

    /// <summary>By a NAT that lets addresses in.</summary>
    AddressRestricted,

    /// <summary>By a NAT that lets endpoints in.</summary>
    PortRestricted,

    /// <summary>By a NAT with another mapping for every endpoint.</summary>
    Symmetric,

    /// <summary>By two full cones, one behind the other.</summary>
    DoubleCone,

    /// <summary>By a full cone behind a symmetric NAT.</summary>
    SymmetricThenCone,

    /// <summary>By a public address and a firewall that blocks UDP.</summary>
    NoUdp,

    /// <summary>By a public address and a firewall that blocks UDP and TCP from outside.</summary>
    NoUdpAndNoIncomingTcp,

    /// <summary>By a public address and a firewall that lets TCP out to ports 80 and 443.</summary>
    HttpOnly,
}
