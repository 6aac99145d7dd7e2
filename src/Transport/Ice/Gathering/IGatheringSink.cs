using Stack.Ice;

namespace Stack.Transport;

/// <summary>Takes what is gathered. Called without the driver's lock, unless said otherwise.</summary>
internal interface IGatheringSink
{
    IceDriver Driver { get; }

    /// <summary>A new number for a base.</summary>
    int NextBaseId();

    /// <summary>Gives the agent a candidate and tells the peer. Under the driver's lock.</summary>
    void AddCandidate(LocalCandidate candidate);

    /// <summary>Names the base of a shared port by the session's fragment. Under the driver's lock.</summary>
    void Name(SharedBase shared);

    void Warn(string subject, string reason);

    /// <summary>What answers fast has answered.</summary>
    void HandleQuiet();

    /// <summary>All is gathered or given up.</summary>
    void HandleCompleted();

    /// <summary>Addresses have come or gone after the first gathering.</summary>
    void HandleNetworkChanged();

    /// <summary>An allocation was lost.</summary>
    void HandleRelayLost(IceRelay relay, TurnException error);
}
