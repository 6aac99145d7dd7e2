namespace Stack.Signaling;

/// <summary>A peer left or did not come back in time.</summary>
/// <param name="Id">Its number.</param>
public sealed record OwnGone(int Id) : OwnMessage;
