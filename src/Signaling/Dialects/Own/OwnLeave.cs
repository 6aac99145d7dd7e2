using System.Text.Json;

namespace Stack.Signaling;

/// <summary>A peer leaves at once.</summary>
public sealed record OwnLeave : OwnMessage
{
    private protected override void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("leave"u8);
        writer.WriteEndObject();
    }
}
