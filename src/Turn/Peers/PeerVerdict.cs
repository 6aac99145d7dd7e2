namespace Stack.Turn;

/// <summary>What the policy says of a peer, for the log: all but <see cref="Allowed"/> refuse.</summary>
public enum PeerVerdict : byte
{
    /// <summary>The server relays to it.</summary>
    Allowed,

    /// <summary>Nobody can be reached there: unspecified, multicast, broadcast, port 0 or a zone. No option lifts this.</summary>
    NotUnicast,

    /// <summary>It is an endpoint of the server itself. No option lifts this.</summary>
    OwnEndPoint,

    /// <summary>It is in a network that the operator has denied.</summary>
    DeniedByOperator,

    /// <summary>It is an address of this machine, and no live relay address.</summary>
    LocalAddress,

    /// <summary>It is in a network that is denied unless the operator allows it.</summary>
    DeniedByDefault,

    /// <summary>Its port belongs to a service that relays are abused for.</summary>
    ForbiddenPort,
}
