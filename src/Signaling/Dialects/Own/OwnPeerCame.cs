using System.Text.Json;

namespace Stack.Signaling;

/// <summary>A peer came, or the role towards it changed.</summary>
/// <param name="Peer">The peer.</param>
public sealed record OwnPeerCame(OwnPeer Peer) : OwnMessage
{
    private protected override void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("peer"u8);
        OwnWriting.Peer(writer, Peer);
        writer.WriteEndObject();
    }
}
