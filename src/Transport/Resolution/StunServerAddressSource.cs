namespace Stack.Transport;

/// <summary>How an address of a server was come by.</summary>
public enum StunServerAddressSource
{
    /// <summary>The host was an address literal; nothing was looked up.</summary>
    Literal,

    /// <summary>An SRV record gave the host and the port.</summary>
    ServiceRecord,

    /// <summary>The caller gave the port, the host's address records the address.</summary>
    GivenPort,

    /// <summary>There was no SRV record to use: the host's address records and the default port, 3478 or 5349.</summary>
    DefaultPort,
}
