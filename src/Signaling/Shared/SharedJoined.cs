using System.Text.Json;

namespace Stack.Signaling;

/// <summary>A peer joined at this process.</summary>
/// <param name="Process">The process.</param>
/// <param name="Revision">How many times the process's peers have changed, this change included.</param>
/// <param name="Session">The session.</param>
/// <param name="Peer">The peer.</param>
public sealed record SharedJoined(string Process, long Revision, string Session, SharedPeer Peer) : SharedMessage(Process)
{
    private protected override string Kind => "joined";

    private protected override void Write(Utf8JsonWriter writer)
    {
        writer.WriteNumber("revision"u8, Revision);
        writer.WriteString("session"u8, Session);
        writer.WriteStartObject("peer"u8);
        Peer.Write(writer);
        writer.WriteEndObject();
    }
}
