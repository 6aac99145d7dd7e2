namespace Stack.Ice;

/// <summary>Why a session failed.</summary>
public enum IceFailureReason : byte
{
    /// <summary>It has not failed.</summary>
    None,

    /// <summary>All pairs failed, and no more can come.</summary>
    NoValidPair,

    /// <summary>The peer refused our checks with 401 or 400: the credentials do not match.</summary>
    WrongCredentials,

    /// <summary>The role changed too often (RFC 8445 section 7.3.1.1; the bound is <see cref="IceLimits.MaxRoleSwitches"/>).</summary>
    RoleConflict,

    /// <summary>The consent to send expired or was revoked (RFC 7675 section 5).</summary>
    ConsentLost,

    /// <summary>All bases are gone.</summary>
    NoLocalBase,
}
