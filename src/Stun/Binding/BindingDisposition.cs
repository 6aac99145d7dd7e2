namespace Stack.Stun;

/// <summary>What a server did about a datagram; for counters. All but the first two are silent.</summary>
public enum BindingDisposition : byte
{
    /// <summary>A success response was made.</summary>
    Answered,

    /// <summary>An error response was made.</summary>
    Refused,

    /// <summary>It is not a well-formed STUN message.</summary>
    Malformed,

    /// <summary>Its FINGERPRINT is wrong.</summary>
    WrongFingerprint,

    /// <summary>It is a response or an indication.</summary>
    NotARequest,

    /// <summary>Its method is not Binding.</summary>
    UnknownMethod,

    /// <summary>Its source, or all sources together, have had their share of replies.</summary>
    RateLimited,
}
