namespace Stack.Turn;

/// <summary>What the operating system says to a relay address that is to be opened.</summary>
public enum RelayOpenStatus : byte
{
    /// <summary>The socket is open.</summary>
    Opened,

    /// <summary>Somebody has the port: another one may do.</summary>
    AddressInUse,

    /// <summary>No descriptors, buffers or memory are left: another port would not do either.</summary>
    Exhausted,

    /// <summary>The address is not one of this machine, or may not be used.</summary>
    Unavailable,
}
