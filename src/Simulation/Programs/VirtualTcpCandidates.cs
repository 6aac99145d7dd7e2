namespace Stack.Simulation;

/// <summary>Which TCP candidates an agent gathers (RFC 6544 section 5).</summary>
public enum VirtualTcpCandidates : byte
{
    /// <summary>None.</summary>
    None,

    /// <summary>Active ones alone: it opens connections, and accepts none.</summary>
    Active,

    /// <summary>Active and passive ones.</summary>
    ActiveAndPassive,

    /// <summary>Active, passive and simultaneous-open ones.</summary>
    All,
}
