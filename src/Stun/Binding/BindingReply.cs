namespace Stack.Stun;

/// <summary>A response that is to be sent; it stands at the start of the buffer that the caller lent.</summary>
/// <param name="Origin">The local endpoint that it must be sent from.</param>
/// <param name="Destination">Where to.</param>
/// <param name="Length">How many bytes of the buffer.</param>
public readonly record struct BindingReply(TransportAddress Origin, TransportAddress Destination, int Length);
