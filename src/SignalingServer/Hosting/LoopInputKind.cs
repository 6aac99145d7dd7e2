namespace Stack.Signaling.Server;

/// <summary>What the loop of a server is told.</summary>
internal enum LoopInputKind : byte
{
    /// <summary>A WebSocket wants to be opened.</summary>
    Connect,

    /// <summary>A message came.</summary>
    Message,

    /// <summary>A message was sent.</summary>
    Sent,

    /// <summary>The frames of a socket are not acceptable.</summary>
    Refused,

    /// <summary>A socket is closed.</summary>
    Closed,

    /// <summary>Time has passed.</summary>
    Tick,

    /// <summary>Something is to be done with the core.</summary>
    Call,
}
