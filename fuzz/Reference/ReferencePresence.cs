namespace Stack.Fuzz.Reference;

/// <summary>Whether a typed attribute could be read.</summary>
public enum ReferencePresence
{
    /// <summary>No visible attribute of the type.</summary>
    Absent,

    /// <summary>The first visible attribute of the type is well formed.</summary>
    Present,

    /// <summary>The first visible attribute of the type is not well formed; later ones are not looked at.</summary>
    Malformed,
}
