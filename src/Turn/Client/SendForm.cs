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
    /// As <see cref="Shortest"/>, and a Send indication also where the permission is asked for and not confirmed yet: sent right behind the request, it
    /// saves the round trip. The server drops it where it comes first, or where the request is refused: only for what is sent again, such as a
    /// connectivity check.
    /// </summary>
    Early,
}
