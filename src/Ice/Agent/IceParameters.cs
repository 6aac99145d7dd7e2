using System;

namespace Stack.Ice;

/// <summary>What the peers tell each other besides candidates (RFC 8445 section 5.3).</summary>
public sealed record IceParameters
{
    /// <summary>The credentials of this ICE session; a restart changes both parts.</summary>
    public required IceCredentials Credentials { get; init; }

    /// <summary>Whether the agent is a lite implementation (<c>a=ice-lite</c>).</summary>
    public bool IsLite { get; init; }

    /// <summary>Whether the agent follows RFC 8445 (<c>ice2</c>), and so does not nominate aggressively.</summary>
    public bool SupportsIce2 { get; init; }

    /// <summary>Whether the agent trickles (<c>trickle</c>, RFC 8838): more candidates may come until the end of candidates is told.</summary>
    public bool Trickles { get; init; }

    /// <summary>The proposed Ta (<c>a=ice-pacing</c>); null for the default of 50 ms (RFC 8445 section 14.2).</summary>
    public TimeSpan? Pacing { get; init; }
}
