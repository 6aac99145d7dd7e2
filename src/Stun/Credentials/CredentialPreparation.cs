namespace Stack.Stun;

/// <summary>How usernames, realms and passwords are prepared before they are hashed.</summary>
public enum CredentialPreparation : byte
{
    /// <summary>The OpaqueString profile, as RFC 8489 section 9 asks (RFC 8265 section 4.2).</summary>
    OpaqueString,

    /// <summary>SASLprep, as RFC 5389 asked; for peers of that time with other than ASCII credentials (RFC 4013).</summary>
    SaslPrep,

    /// <summary>Not at all: the text is prepared already.</summary>
    None,
}
