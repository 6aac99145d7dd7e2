using Stack.Signaling;
using Stack.Transport;

namespace Stack.Sessions;

/// <summary>One connection to a peer with what belongs to it. Owned by the session's loop.</summary>
internal sealed class PeerLink(IceSessionPeer peer, SignalingPeer told, IceConnection connection, PeerNegotiation negotiation, ReconnectDelays delays, long began)
{
    public IceSessionPeer Peer { get; } = peer;

    public SignalingPeer Told { get; set; } = told;

    public IceConnection Connection { get; } = connection;

    public PeerNegotiation Negotiation { get; } = negotiation;

    /// <summary>The times between restarts.</summary>
    public ReconnectDelays Delays { get; } = delays;

    /// <summary>When the path began to be looked for.</summary>
    public long Began { get; set; } = began;

    /// <summary>The path that was told last; null where there is none.</summary>
    public IcePath? Path { get; set; }

    /// <summary>Whether somebody waits for the path.</summary>
    public bool IsWatched { get; set; }

    /// <summary>Whether a restart is about to come.</summary>
    public bool IsRestarting { get; set; }

    /// <summary>Whether the server has lost the peer, or forgotten us: the connection lives as long as it has a path.</summary>
    public bool IsOrphan { get; set; }

    /// <summary>Whether the connection is disposed of.</summary>
    public bool IsClosed { get; set; }

    /// <summary>Whether something was to be told while the server was out of reach.</summary>
    public bool MustRepeat { get; set; }

    /// <summary>Whether we restart where the path is lost: one side alone does, so that restarts do not cross.</summary>
    public bool Restarts => Negotiation.CanRestart && !IsOrphan && Told.Role == PairRole.Offer;

    /// <summary>Whether another connection leads to the same peer, under whatever number: its certificate is the same.</summary>
    public bool IsSamePeer(PeerLink other)
        => Negotiation.Remote?.Fingerprint is { } fingerprint && fingerprint == other.Negotiation.Remote?.Fingerprint;

    /// <summary>Whether two paths are between the same addresses.</summary>
    public static bool IsSame(IcePath one, IcePath? other)
        => other is not null && one.Local.Address == other.Local.Address && one.Remote.Address == other.Remote.Address
            && one.Local.Transport == other.Local.Transport;
}
