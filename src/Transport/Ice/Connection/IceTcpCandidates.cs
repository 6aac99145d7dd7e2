namespace Stack.Transport;

/// <summary>Which TCP candidates are gathered (RFC 6544).</summary>
public enum IceTcpCandidates
{
    /// <summary>None.</summary>
    None,

    /// <summary>Active ones: connections are made to peers that accept some, which gets through where UDP is blocked.</summary>
    Active,

    /// <summary>Active and passive ones: connections are made and accepted.</summary>
    ActiveAndPassive,
}
