using System.Collections.Generic;
using System.Text.Json;

namespace Stack.Signaling;

/// <summary>One session of a snapshot: all peers in it that are this process's.</summary>
/// <param name="Process">The process.</param>
/// <param name="Session">The session.</param>
/// <param name="Peers">Its peers.</param>
public sealed record SharedSession(string Process, string Session, IReadOnlyList<SharedPeer> Peers) : SharedMessage(Process)
{
    private protected override string Kind => "session";

    private protected override void Write(Utf8JsonWriter writer)
    {
        writer.WriteString("session"u8, Session);
        writer.WriteStartArray("peers"u8);
        foreach (SharedPeer peer in Peers)
        {
            writer.WriteStartObject();
            peer.Write(writer);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
