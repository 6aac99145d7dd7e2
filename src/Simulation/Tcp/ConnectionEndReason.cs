namespace Stack.Simulation;

/// <summary>Why a TCP connection has ended, or was never made.</summary>
public enum ConnectionEndReason : byte
{
    /// <summary>The peer has closed it; all that it had sent was received.</summary>
    ClosedByPeer,

    /// <summary>Nobody listens there.</summary>
    Refused,

    /// <summary>The peer, or something on the way, has reset it.</summary>
    Reset,

    /// <summary>Too many segments in a row stayed without an answer.</summary>
    TimedOut,

    /// <summary>There is no way to the peer.</summary>
    Unreachable,
}
