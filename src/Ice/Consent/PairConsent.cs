using Stack.Stun;

namespace Stack.Ice;

/// <summary>The consent to send on a pair (RFC 7675 section 5.1).</summary>
internal struct PairConsent
{
    /// <summary>When the next request goes out; null where none does.</summary>
    public Instant? NextRequest;

    /// <summary>When consent is over.</summary>
    public Instant? Expires;

    /// <summary>When something was last sent on the pair, for keepalives.</summary>
    public Instant LastSent;
}
