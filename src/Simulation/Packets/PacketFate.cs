namespace Stack.Simulation;

/// <summary>What becomes of a packet, at one place of its way.</summary>
public enum PacketFate : byte
{
    /// <summary>A host has sent it.</summary>
    Sent,

    /// <summary>A host has received it.</summary>
    Delivered,

    /// <summary>A NAT has changed its addresses; it goes on.</summary>
    Translated,

    /// <summary>A link has made a second one of it; both go on.</summary>
    Duplicated,

    /// <summary>A link has lost it.</summary>
    Lost,

    /// <summary>Its link is cut, or the interface is down.</summary>
    LinkDown,

    /// <summary>The queue of a slow link is full.</summary>
    QueueFull,

    /// <summary>It is larger than a link carries, and is not or must not be fragmented.</summary>
    TooBig,

    /// <summary>Nobody knows a way to its destination.</summary>
    NoRoute,

    /// <summary>It has passed too many routers.</summary>
    TooManyHops,

    /// <summary>A NAT has no mapping for it.</summary>
    NoMapping,

    /// <summary>A NAT has a mapping, which does not let in its source.</summary>
    Filtered,

    /// <summary>A NAT has neither a port nor room left for it.</summary>
    NatFull,

    /// <summary>A NAT does not hairpin.</summary>
    NotHairpinned,

    /// <summary>The rules of a firewall refuse it.</summary>
    Blocked,

    /// <summary>No socket of the host listens there.</summary>
    NoSocket,

    /// <summary>The socket's buffer is full.</summary>
    BufferFull,

    /// <summary>The host is suspended.</summary>
    Suspended,
}
