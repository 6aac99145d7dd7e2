using Stack.Stun;

namespace Stack.Turn;

/// <summary>A permission that the client wants for as long as the allocation lives (RFC 8656 section 9).</summary>
internal sealed class ClientPermission(TransportAddress address)
{
    /// <summary>The peer's address; the port is 0, since it does not count.</summary>
    public TransportAddress Address { get; } = address;

    public bool IsInstalled { get; set; }

    public bool IsInFlight { get; set; }

    /// <summary>Whether it is asked for by itself, because a request with several was refused and one of them is to blame.</summary>
    public bool IsAlone { get; set; }

    /// <summary>When the server forgets it at the earliest; of one that is installed.</summary>
    public Instant Expires { get; set; }

    /// <summary>When it is asked for again, or for the first time.</summary>
    public Instant Due { get; set; }

    public RequestFailure? LastFailure { get; set; }
}
