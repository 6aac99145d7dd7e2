namespace Stack.Signaling;

/// <summary>What became of something that was said.</summary>
internal enum Delivery
{
    /// <summary>It is on its way, or it needs no words in the receiver's dialect.</summary>
    Passed,

    /// <summary>There is no such peer.</summary>
    NoSuchPeer,

    /// <summary>It is not what the receiver can be told now.</summary>
    Unexpected,
}
