using System.Text.Json;

namespace Stack.Signaling;

/// <summary>The server did not pass a message on.</summary>
/// <param name="Code">Why: <see cref="NoSuchPeer"/>, <see cref="Unexpected"/>, or something newer.</param>
/// <param name="To">Whom the message was for.</param>
public sealed record OwnError(string Code, int To) : OwnMessage
{
    /// <summary>There is no such peer, or it is gone.</summary>
    public const string NoSuchPeer = "no-such-peer";

    /// <summary>An answer without an offer, or a message for a peer that is connected with somebody else.</summary>
    public const string Unexpected = "unexpected";

    private protected override void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("error"u8);
        writer.WriteString("code"u8, Code);
        writer.WriteNumber("to"u8, To);
        writer.WriteEndObject();
    }
}
