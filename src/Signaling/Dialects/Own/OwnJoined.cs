using System;
using System.Collections.Generic;
using System.Text.Json;

namespace Stack.Signaling;

/// <summary>The server took a peer in.</summary>
/// <param name="Id">The peer's number.</param>
/// <param name="Resume">The token with which it can come back: a secret.</param>
/// <param name="Grace">How long it keeps its place without a socket.</param>
/// <param name="Resumed">Whether it is back in its place.</param>
/// <param name="Servers">STUN and TURN servers.</param>
/// <param name="CredentialsExpire">How long their credentials are good; null where nothing expires.</param>
/// <param name="Peers">The others in the session.</param>
public sealed record OwnJoined(
    int Id,
    string Resume,
    TimeSpan Grace,
    bool Resumed,
    IReadOnlyList<RelayServer> Servers,
    TimeSpan? CredentialsExpire,
    IReadOnlyList<OwnPeer> Peers) : OwnMessage
{
    /// <summary>The number alone: tokens and credentials are not shown.</summary>
    public override string ToString() => "joined as " + Id.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private protected override void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("joined"u8);
        writer.WriteNumber("id"u8, Id);
        writer.WriteString("resume"u8, Resume);
        writer.WriteNumber("graceMs"u8, OwnWriting.Milliseconds(Grace));
        if (Resumed)
        {
            writer.WriteBoolean("resumed"u8, true);
        }

        OwnWriting.Servers(writer, Servers, CredentialsExpire);
        writer.WriteStartArray("peers"u8);
        foreach (OwnPeer peer in Peers)
        {
            writer.WriteStartObject();
            OwnWriting.Peer(writer, peer);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
