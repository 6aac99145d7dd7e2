using Stack.Stun;

namespace Stack.Turn;

/// <summary>The client's address and port as the server sees them: its server-reflexive transport address (RFC 8656 section 2).</summary>
/// <param name="Value">The endpoint; an IPv4 address is not in IPv6 form.</param>
public readonly record struct ClientAddress(TransportAddress Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}
