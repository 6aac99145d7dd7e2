namespace Stack.Transport;

/// <summary>What came of the frames that a connection handed to its loop.</summary>
internal enum BatchOutcome : byte
{
    /// <summary>The connection goes on.</summary>
    Continue,

    /// <summary>A frame was no message: nothing behind it can be trusted.</summary>
    Malformed,

    /// <summary>The connection is joined to a peer's: what follows are bytes without frames.</summary>
    Joined,

    /// <summary>The loop has ended.</summary>
    Abandoned,
}
