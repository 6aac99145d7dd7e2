namespace Stack.Signaling;

/// <summary>A peer has come to this process with the token of its former self: whoever has that one lets it go at once.</summary>
/// <param name="Process">The process.</param>
/// <param name="Session">The session.</param>
/// <param name="Token">The token.</param>
public sealed record SharedReplaced(string Process, string Session, string Token) : SharedMessage(Process)
{
    /// <summary>Without the token.</summary>
    public override string ToString() => "replaced, by " + Process;
}
