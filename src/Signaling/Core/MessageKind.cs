namespace Stack.Signaling;

/// <summary>What a message was.</summary>
internal enum MessageKind
{
    /// <summary>Not one of the dialect.</summary>
    Malformed,

    /// <summary>A description, which may be longer than others.</summary>
    Description,

    /// <summary>A candidate.</summary>
    Candidate,

    /// <summary>Anything else.</summary>
    Other,
}
