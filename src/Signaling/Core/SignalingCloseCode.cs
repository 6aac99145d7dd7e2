namespace Stack.Signaling;

/// <summary>The codes with which the server closes a WebSocket (RFC 6455 section 7.4).</summary>
public static class SignalingCloseCode
{
    /// <summary>The peer said that it leaves.</summary>
    public const int Normal = 1000;

    /// <summary>A peer that is going away; leaves at once like <see cref="Normal"/>. Never sent by the core.</summary>
    public const int GoingAway = 1001;

    /// <summary>More messages than allowed.</summary>
    public const int TooManyMessages = 1008;

    /// <summary>A message is too long.</summary>
    public const int TooLong = 1009;

    /// <summary>The peer does not read what is sent to it, or the server cannot serve it now: come again.</summary>
    public const int TryAgain = 1013;

    /// <summary>The same peer has connected anew.</summary>
    public const int Replaced = 4001;

    /// <summary>Not a message of the dialect.</summary>
    public const int Malformed = 4400;

    /// <summary>The session is full.</summary>
    public const int SessionFull = 4403;

    /// <summary>No first message in time, or no sign of life (PeerJS).</summary>
    public const int Silent = 4408;

    /// <summary>A peer of that name is connected, seen only after the WebSocket was opened.</summary>
    public const int NameTaken = 4409;
}
