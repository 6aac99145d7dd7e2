namespace Stack.Ice;

/// <summary>Who chooses the pair (RFC 8445 section 6.1.1).</summary>
public enum IceRole : byte
{
    /// <summary>The agent nominates pairs; usually the one that began.</summary>
    Controlling,

    /// <summary>The agent accepts nominations.</summary>
    Controlled,
}
