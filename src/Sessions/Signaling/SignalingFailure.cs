namespace Stack.Sessions;

/// <summary>Why a signaling server could not be used.</summary>
public enum SignalingFailure
{
    /// <summary>The server's name has no address.</summary>
    NameResolution,

    /// <summary>Nobody listens there, or the connection broke while it was opened.</summary>
    ConnectionFailed,

    /// <summary>TLS failed, mostly for the certificate.</summary>
    TlsFailed,

    /// <summary>The server did not answer in time.</summary>
    TimedOut,

    /// <summary>There is a web server, but no signaling of this dialect at that address.</summary>
    NoSignaling,

    /// <summary>The server does not let us in.</summary>
    Forbidden,

    /// <summary>A peer of the same name is connected.</summary>
    NameTaken,

    /// <summary>The session has as many peers as the server allows.</summary>
    SessionFull,

    /// <summary>The server has too many clients, or too many of this address, or is about to stop.</summary>
    Busy,

    /// <summary>One of the two sides said something that the dialect does not know.</summary>
    Protocol,

    /// <summary>Another client came back with our token.</summary>
    Replaced,

    /// <summary>What was to be sent is longer than the dialect allows.</summary>
    TooLong,

    /// <summary>Nobody read the events.</summary>
    NotRead,

    /// <summary>A relay is demanded, and neither the options nor the server name one.</summary>
    NoRelay,
}
