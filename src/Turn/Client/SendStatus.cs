namespace Stack.Turn;

/// <summary>Whether data to a peer is ready to be sent.</summary>
public enum SendStatus : byte
{
    /// <summary>It is framed as ChannelData.</summary>
    ChannelData,

    /// <summary>It is framed as a Send indication.</summary>
    Indication,

    /// <summary>There is no allocation (any more).</summary>
    NoAllocation,

    /// <summary>The peer has no permission: the server would drop the data.</summary>
    NoPermission,

    /// <summary>The framed message would exceed a UDP datagram, or the 16-bit lengths.</summary>
    TooLong,
}
