namespace Stack.Fuzz.Sessions;

/// <summary>What the reference says of a way between two agents.</summary>
public enum ReachVerdict
{
    /// <summary>There is none.</summary>
    No,

    /// <summary>The reference does not know.</summary>
    Maybe,

    /// <summary>There is one.</summary>
    Yes,
}
