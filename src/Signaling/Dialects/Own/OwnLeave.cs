namespace Stack.Signaling;

/// <summary>A peer leaves at once.</summary>
public sealed record OwnLeave : OwnMessage;
