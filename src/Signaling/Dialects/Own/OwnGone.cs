using System.Text.Json;

namespace Stack.Signaling;

/// <summary>A peer left or did not come back in time.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Lost">Whether the server lost it, so that a connection with it may live on; false where it left.</param>
public sealed record OwnGone(int Id, bool Lost = false) : OwnMessage
{
    private protected override void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("gone"u8);
        writer.WriteNumber("id"u8, Id);
        if (Lost)
        {
            writer.WriteBoolean("lost"u8, true);
        }

        writer.WriteEndObject();
    }
}
