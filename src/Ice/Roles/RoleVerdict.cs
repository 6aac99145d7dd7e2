namespace Stack.Ice;

/// <summary>What follows from the role attribute of a request (RFC 8445 section 7.3.1.1).</summary>
internal enum RoleVerdict : byte
{
    NoConflict,

    /// <summary>Answer 487 and keep the role.</summary>
    Refuse,

    /// <summary>Take the other role, and accept the request.</summary>
    Switch,
}
