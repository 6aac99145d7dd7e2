using Stack.Stun;

namespace Stack.Turn;

/// <summary>A peer's address and port as the server sees them (RFC 8656 section 2). Distinct from the client's, so that none is taken for the other.</summary>
/// <param name="Value">The endpoint.</param>
public readonly record struct PeerAddress(TransportAddress Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}
