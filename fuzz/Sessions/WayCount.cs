namespace Stack.Fuzz.Sessions;

/// <summary>What went from a base to an address in one generation of credentials, and what came back.</summary>
internal sealed class WayCount
{
    public int Requests { get; set; }

    public int Bytes { get; set; }

    public bool IsAnswered { get; set; }
}
