namespace Stack.Transport;

/// <summary>What came of an attempt to receive.</summary>
internal enum ReceiveStatus : byte
{
    /// <summary>A datagram.</summary>
    Received,

    /// <summary>Nothing is there.</summary>
    Empty,

    /// <summary>A datagram that did not fit, and is gone.</summary>
    Truncated,

    /// <summary>An error that says nothing about the socket; more datagrams may be there.</summary>
    Failed,
}
