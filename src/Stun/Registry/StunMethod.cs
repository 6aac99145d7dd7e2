namespace Stack.Stun;

/// <summary>
/// The methods of the IANA registry "STUN Methods". A method has 12 bits (RFC 8489 section 5); values that are not named here are legal
/// on the wire and decode to themselves.
/// </summary>
public enum StunMethod : ushort
{
    /// <summary>Not a method.</summary>
    Reserved = 0x000,

    /// <summary>Asks for the reflexive transport address (RFC 8489 section 3).</summary>
    Binding = 0x001,

    /// <summary>Reserved; the Shared Secret method of classic STUN (RFC 3489 section 9.2).</summary>
    SharedSecret = 0x002,

    /// <summary>Creates an allocation (RFC 8656 section 7).</summary>
    Allocate = 0x003,

    /// <summary>Refreshes or deletes an allocation (RFC 8656 section 8).</summary>
    Refresh = 0x004,

    /// <summary>Carries data from the client to a peer (RFC 8656 section 11).</summary>
    Send = 0x006,

    /// <summary>Carries data from a peer to the client (RFC 8656 section 11).</summary>
    Data = 0x007,

    /// <summary>Installs or refreshes permissions (RFC 8656 section 10).</summary>
    CreatePermission = 0x008,

    /// <summary>Binds a channel to a peer (RFC 8656 section 12).</summary>
    ChannelBind = 0x009,

    /// <summary>Opens a TCP connection to a peer (RFC 6062 section 4.3).</summary>
    Connect = 0x00A,

    /// <summary>Joins a client's data connection with a peer connection (RFC 6062 section 4.3).</summary>
    ConnectionBind = 0x00B,

    /// <summary>Tells the client that a peer has connected (RFC 6062 section 4.4).</summary>
    ConnectionAttempt = 0x00C,

    /// <summary>The short connectivity check of libwebrtc, registered as GOOG-PING.</summary>
    GoogPing = 0x080,
}
