using System.Text.Json;

namespace Stack.Signaling;

/// <summary>A peer left or did not come back in time.</summary>
/// <param name="Id">Its number.</param>
public sealed record OwnGone(int Id) : OwnMessage
{
    private protected override void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("gone"u8);
        writer.WriteNumber("id"u8, Id);
        writer.WriteEndObject();
    }
}
