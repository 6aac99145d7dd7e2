namespace Stack.Signaling;

/// <summary>A description or a candidate, to a peer or from one.</summary>
/// <param name="To">Whom it is for; 0 in what the server sends.</param>
/// <param name="From">Whom it is from; 0 in what a peer sends.</param>
/// <param name="Signal">What is said.</param>
public sealed record OwnSignal(int To, int From, PeerSignal Signal) : OwnMessage;
