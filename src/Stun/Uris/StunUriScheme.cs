namespace Stack.Stun;

/// <summary>The four schemes of RFC 7064 section 3.1 and RFC 7065 section 3.1.</summary>
public enum StunUriScheme
{
    /// <summary><c>stun:</c>, a STUN server over UDP or TCP.</summary>
    Stun,

    /// <summary><c>stuns:</c>, a STUN server over TLS.</summary>
    Stuns,

    /// <summary><c>turn:</c>, a TURN server over UDP or TCP.</summary>
    Turn,

    /// <summary><c>turns:</c>, a TURN server over TLS.</summary>
    Turns,
}
