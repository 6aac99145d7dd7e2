namespace Stack.Simulation;

/// <summary>How far a TCP connection is.</summary>
public enum ConnectionState : byte
{
    /// <summary>The handshake is under way.</summary>
    Connecting,

    /// <summary>Bytes flow both ways.</summary>
    Established,

    /// <summary>This side has closed; what it had sent before is still delivered.</summary>
    Closing,

    /// <summary>Over.</summary>
    Closed,
}
