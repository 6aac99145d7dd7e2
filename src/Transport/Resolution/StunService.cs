namespace Stack.Transport;

/// <summary>What is wanted of the server; it decides the service name of the SRV lookup.</summary>
public enum StunService
{
    /// <summary>Binding requests: <c>stun</c>, over TLS <c>stuns</c> (RFC 8489 section 8.1).</summary>
    Stun,

    /// <summary>NAT behaviour discovery: <c>stun-behavior</c>, over TLS <c>stun-behaviors</c> (RFC 5780 section 5.1).</summary>
    StunBehavior,

    /// <summary>A relay: <c>turn</c>, over TLS <c>turns</c> (RFC 5928 section 3).</summary>
    Turn,
}
