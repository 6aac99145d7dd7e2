namespace Stack.Signaling;

/// <summary>A peer of this process says something to one of another.</summary>
/// <param name="Process">The process.</param>
/// <param name="Session">The session.</param>
/// <param name="From">The number of who says it.</param>
/// <param name="To">The number of who it is for.</param>
/// <param name="Signal">What is said.</param>
/// <param name="ConnectionId">PeerJS: which of the connections between the two; null for others.</param>
/// <param name="ConnectionType">PeerJS: <c>data</c> or <c>media</c>; null for others.</param>
public sealed record SharedSignal(
    string Process,
    string Session,
    int From,
    int To,
    PeerSignal Signal,
    string? ConnectionId = null,
    string? ConnectionType = null) : SharedMessage(Process);
