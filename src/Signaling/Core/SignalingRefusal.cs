namespace Stack.Signaling;

/// <summary>Why a WebSocket is not opened. The comment of each names the HTTP status to answer with.</summary>
public enum SignalingRefusal
{
    /// <summary>404: the path is of no dialect, or names no session or peer that could be.</summary>
    UnknownPath,

    /// <summary>409: a peer of that name or id is connected.</summary>
    NameTaken,

    /// <summary>429: too many connections a second from this address.</summary>
    TooFast,

    /// <summary>429: too many open connections from this address.</summary>
    TooManyFromAddress,

    /// <summary>503 with <c>Retry-After</c>: too many connections in all, or the server is shutting down.</summary>
    TooManyConnections,
}
