namespace Stack.Cli;

/// <summary>Which way the packets of a relay under load go.</summary>
internal enum RelayDirection
{
    /// <summary>From clients to peers.</summary>
    Out,

    /// <summary>From peers to clients.</summary>
    In,

    /// <summary>Both at a time.</summary>
    Both,

    /// <summary>From clients to peers, which send back what comes.</summary>
    Echo,
}
