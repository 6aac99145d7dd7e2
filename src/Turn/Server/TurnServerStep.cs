using Stack.Stun;

namespace Stack.Turn;

/// <summary>What came of a message from a client: at most one reply, or at most one datagram to a peer, never both.</summary>
/// <param name="Action">What is to be done.</param>
/// <param name="Disposition">What the message was; for counters.</param>
/// <param name="Reply">The reply, at the start of the buffer lent for it; where the action says so.</param>
/// <param name="Forward">The datagram to the peer; where the action says so.</param>
public readonly record struct TurnServerStep(
    TurnServerAction Action,
    TurnServerDisposition Disposition,
    BindingReply Reply = default,
    RelayForward Forward = default);
