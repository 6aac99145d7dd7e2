using Stack.Stun;

namespace Stack.Turn;

/// <summary>The stream of communication between a client and the server, which identifies the allocation (RFC 8656 section 2).</summary>
/// <param name="Client">The client's address and port as the server sees them.</param>
/// <param name="Server">The server's endpoint that the client talks to.</param>
/// <param name="Transport">The transport between the two.</param>
public readonly record struct FiveTuple(ClientAddress Client, TransportAddress Server, StunTransport Transport)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Client} -> {Server} {Transport}";
}
