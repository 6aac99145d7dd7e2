using Stack.Stun;

namespace Stack.Turn;

/// <summary>That a peer's address may send to the client (RFC 8656 section 9).</summary>
internal sealed class Permission(Instant expires)
{
    public Instant Expires { get; set; } = expires;

    public bool IsActive(Instant now) => now < Expires;
}
