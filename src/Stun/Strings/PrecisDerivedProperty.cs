namespace Stack.Stun;

/// <summary>
/// The derived property of RFC 8264 section 8, seen from the FreeformClass, for which PVALID and FREE_PVAL mean the same.
/// </summary>
internal enum PrecisDerivedProperty
{
    /// <summary>PVALID or FREE_PVAL.</summary>
    Valid,

    /// <summary>CONTEXTJ or CONTEXTO: valid where <see cref="PrecisContext"/> says so.</summary>
    Contextual,

    /// <summary>DISALLOWED.</summary>
    Disallowed,

    /// <summary>UNASSIGNED, in the version of Unicode that the runtime knows.</summary>
    Unassigned,
}
