namespace Stack.Turn;

/// <summary>Which of the forms of RFC 8656 carries data to a peer.</summary>
public enum SendForm : byte
{
    /// <summary>ChannelData where a channel is confirmed, a Send indication otherwise.</summary>
    Shortest,

    /// <summary>A Send indication.</summary>
    Indication,

    /// <summary>A Send indication with DONT-FRAGMENT; only a Send indication can ask for that (RFC 8656 section 11.1).</summary>
    IndicationWithoutFragments,

    /// <summary>
    /// As <see cref="Shortest"/>, also while the permission is asked for and not confirmed yet: the data follows the request and saves a round trip,
    /// and the server drops it where it refuses.
    /// </summary>
    Unconfirmed,
}
