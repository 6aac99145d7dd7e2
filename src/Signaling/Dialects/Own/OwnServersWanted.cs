namespace Stack.Signaling;

/// <summary>A peer wants fresh relay credentials.</summary>
public sealed record OwnServersWanted : OwnMessage;
