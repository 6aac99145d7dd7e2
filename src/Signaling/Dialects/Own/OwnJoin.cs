using System.Text.Json;

namespace Stack.Signaling;

/// <summary>A peer joins a session, or comes back.</summary>
/// <param name="Session">The word.</param>
/// <param name="Name">What people see; empty where it was not told.</param>
/// <param name="Resume">The token of the peer that comes back; null for a new one.</param>
public sealed record OwnJoin(string Session, string Name = "", string? Resume = null) : OwnMessage
{
    /// <summary>Without the word and the token.</summary>
    public override string ToString() => Resume is null ? "join" : "join again";

    private protected override void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("join"u8);
        writer.WriteString("session"u8, Session);
        if (Name.Length > 0)
        {
            writer.WriteString("name"u8, Name);
        }

        JsonText.WriteOptional(writer, "resume", Resume);
        writer.WriteEndObject();
    }
}
