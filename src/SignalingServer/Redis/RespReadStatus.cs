namespace Stack.Signaling.Server;

/// <summary>How reading a value went.</summary>
internal enum RespReadStatus : byte
{
    /// <summary>There it is.</summary>
    Read,

    /// <summary>Its end has not come yet.</summary>
    Incomplete,

    /// <summary>This is not the protocol, or larger than anything that we ask for.</summary>
    Malformed,
}
