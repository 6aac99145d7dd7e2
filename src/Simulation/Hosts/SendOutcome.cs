namespace Stack.Simulation;

/// <summary>What a host says to a datagram that is to be sent. What becomes of it further on, nobody learns at once.</summary>
public enum SendOutcome : byte
{
    /// <summary>It is on its way.</summary>
    Sent,

    /// <summary>The socket's address is not, or not any more, one of an interface that is up.</summary>
    NoAddress,

    /// <summary>No way leads to the destination's network, or it is of another address family.</summary>
    NoRoute,

    /// <summary>It is larger than a UDP datagram can be: 65,507 bytes.</summary>
    TooLong,

    /// <summary>The socket is closed.</summary>
    Closed,

    /// <summary>The host is suspended: nothing of it runs.</summary>
    Suspended,
}
