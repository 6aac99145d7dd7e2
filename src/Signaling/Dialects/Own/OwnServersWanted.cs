using System.Text.Json;

namespace Stack.Signaling;

/// <summary>A peer wants fresh relay credentials.</summary>
public sealed record OwnServersWanted : OwnMessage
{
    private protected override void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("servers"u8);
        writer.WriteEndObject();
    }
}
