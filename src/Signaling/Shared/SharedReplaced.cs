using System.Text.Json;

namespace Stack.Signaling;

/// <summary>A peer has come to this process with the token of its former self: whoever has that one lets it go at once.</summary>
/// <param name="Process">The process.</param>
/// <param name="Session">The session.</param>
/// <param name="Token">The token.</param>
public sealed record SharedReplaced(string Process, string Session, string Token) : SharedMessage(Process)
{
    private protected override string Kind => "replaced";

    /// <summary>Without the token.</summary>
    public override string ToString() => "replaced, by " + Process;

    private protected override void Write(Utf8JsonWriter writer)
    {
        writer.WriteString("session"u8, Session);
        writer.WriteString("token"u8, Token);
    }
}
