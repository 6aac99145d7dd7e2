namespace Stack.Stun;

/// <summary>What came of a probe.</summary>
public enum NatProbeOutcome : byte
{
    /// <summary>The response came from where it was expected.</summary>
    Answered,

    /// <summary>No response came.</summary>
    NoAnswer,

    /// <summary>The network said that the server cannot be reached.</summary>
    Unreachable,

    /// <summary>A response came, but not from where it was asked to come from.</summary>
    WrongSource,

    /// <summary>The server refused with an error response.</summary>
    Refused,

    /// <summary>The response has no mapped address, or one that cannot be.</summary>
    Unusable,
}
