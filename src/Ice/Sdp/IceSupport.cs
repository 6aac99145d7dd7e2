namespace Stack.Ice;

/// <summary>Whether ICE can be used with what a peer described (RFC 8839 section 4.2.5).</summary>
public enum IceSupport : byte
{
    /// <summary>The peer does not indicate ICE: there are no credentials.</summary>
    None,

    /// <summary>The peer indicates ICE, and the default destination is among its candidates, or need not be.</summary>
    Supported,

    /// <summary>The default destination is not among the candidates: something on the way has changed it.</summary>
    Mismatch,

    /// <summary>The peer answers that our default destination was not among our candidates (<c>a=ice-mismatch</c>).</summary>
    PeerReportsMismatch,

    /// <summary>The data stream is disabled or removed: its port is 0.</summary>
    Disabled,
}
