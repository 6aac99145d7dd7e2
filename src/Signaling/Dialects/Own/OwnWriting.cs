using System;
using System.Collections.Generic;
using System.Text.Json;

namespace Stack.Signaling;

/// <summary>What several messages of the own dialect write alike.</summary>
internal static class OwnWriting
{
    public static void Servers(Utf8JsonWriter writer, IReadOnlyList<RelayServer> servers, TimeSpan? expire)
    {
        writer.WriteStartArray("servers"u8);
        foreach (RelayServer server in servers)
        {
            writer.WriteStartObject();
            writer.WriteStartArray("urls"u8);
            foreach (string url in server.Urls)
            {
                writer.WriteStringValue(url);
            }

            writer.WriteEndArray();
            JsonText.WriteOptional(writer, "username", server.Username);
            JsonText.WriteOptional(writer, "credential", server.Credential);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (expire is { } time)
        {
            writer.WriteNumber("credentialsExpireMs"u8, Milliseconds(time));
        }
    }

    public static void Peer(Utf8JsonWriter writer, OwnPeer peer)
    {
        writer.WriteNumber("id"u8, peer.Id);
        writer.WriteString("name"u8, peer.Name);
        if (peer.Dialect is { } dialect)
        {
            writer.WriteString("dialect"u8, Words.Of(dialect));
        }

        writer.WriteString("role"u8, Words.Of(peer.Role));
    }

    public static int Milliseconds(TimeSpan time) => (int)Math.Clamp(time.TotalMilliseconds, 0, int.MaxValue);
}
