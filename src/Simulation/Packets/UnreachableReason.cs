namespace Stack.Simulation;

/// <summary>What an ICMP error says.</summary>
public enum UnreachableReason : byte
{
    /// <summary>There is no way to the network.</summary>
    Network,

    /// <summary>There is no such host.</summary>
    Host,

    /// <summary>No socket listens there.</summary>
    Port,

    /// <summary>A firewall forbids it.</summary>
    Prohibited,

    /// <summary>A link carries no packet of that size.</summary>
    TooBig,
}
