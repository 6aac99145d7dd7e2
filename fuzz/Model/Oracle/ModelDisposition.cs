namespace Stack.Fuzz.Model;

/// <summary>What became of an input, in the words and the order of the server's contract.</summary>
internal enum ModelDisposition
{
    Answered,
    Refused,
    Challenged,
    Relayed,
    Pending,
    Malformed,
    WrongFingerprint,
    NotARequest,
    UnknownMethod,
    RateLimited,
    Silenced,
    NoAllocation,
    NoPermission,
    NoChannel,
    ForbiddenPeer,
    OverBandwidth,
    TooLarge,
}
