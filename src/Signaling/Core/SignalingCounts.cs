namespace Stack.Signaling;

/// <summary>How much there is, and how much there was since the core was made.</summary>
/// <param name="Connections">Open sockets.</param>
/// <param name="Peers">Peers of this process, those included that lost their socket and may come back.</param>
/// <param name="RemotePeers">Peers of other processes.</param>
/// <param name="Sessions">Sessions with peers.</param>
/// <param name="EmptySessions">Sessions that are remembered for their numbers.</param>
/// <param name="TotalConnections">Sockets that were accepted.</param>
/// <param name="TotalSessions">Sessions that were opened.</param>
/// <param name="Descriptions">Descriptions received from peers of this process.</param>
/// <param name="Candidates">Candidates received from peers of this process.</param>
/// <param name="OtherMessages">Other messages received from peers of this process.</param>
/// <param name="Delivered">Messages given to the sockets of this process.</param>
public readonly record struct SignalingCounts(
    int Connections,
    int Peers,
    int RemotePeers,
    int Sessions,
    int EmptySessions,
    long TotalConnections,
    long TotalSessions,
    long Descriptions,
    long Candidates,
    long OtherMessages,
    long Delivered);
