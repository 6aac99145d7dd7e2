using Stack.Stun;

namespace Stack.Turn;

/// <summary>A channel number and the peer that it is, or was, bound to (RFC 8656 section 12).</summary>
internal sealed class ClientChannel(ChannelNumber number, TransportAddress peer)
{
    public ChannelNumber Number { get; } = number;

    public TransportAddress Peer { get; } = peer;

    /// <summary>Whether the client wants it: asked for, or bound and kept alive.</summary>
    public bool IsWanted { get; set; } = true;

    /// <summary>Whether the server has confirmed it.</summary>
    public bool IsBound { get; set; }

    public bool IsInFlight { get; set; }

    /// <summary>When the server unbinds it at the earliest; of one that is bound.</summary>
    public Instant Expires { get; set; }

    /// <summary>When the server has unbound it at the latest.</summary>
    public Instant UnboundBy { get; set; }

    /// <summary>When it is asked for again, or for the first time.</summary>
    public Instant Due { get; set; }

    public RequestFailure? LastFailure { get; set; }
}
