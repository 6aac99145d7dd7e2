namespace Stack.Turn;

/// <summary>What is to be done about a message from a client.</summary>
public enum TurnServerAction : byte
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Send <see cref="TurnServerStep.Reply"/>.</summary>
    Reply,

    /// <summary>Send <see cref="TurnServerStep.Forward"/>.</summary>
    Forward,
}
