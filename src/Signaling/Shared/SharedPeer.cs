using System.Globalization;
using System.Text.Json;

namespace Stack.Signaling;

/// <summary>A peer as other processes know it.</summary>
/// <param name="Peer">The peer.</param>
/// <param name="Token">PeerJS: the token with which it connects again; null for others.</param>
public sealed record SharedPeer(SessionPeer Peer, string? Token = null)
{
    /// <summary>The number and the dialect: the token is not shown.</summary>
    public override string ToString() => $"{Peer.Id.ToString(CultureInfo.InvariantCulture)} ({Peer.Dialect})";

    internal void Write(Utf8JsonWriter writer)
    {
        writer.WriteNumber("id"u8, Peer.Id);
        writer.WriteString("handle"u8, Peer.Handle);
        writer.WriteString("name"u8, Peer.Name);
        writer.WriteString("dialect"u8, Words.Of(Peer.Dialect));
        writer.WriteString("remote"u8, Peer.Remote);
        writer.WriteString("userAgent"u8, Peer.UserAgent);
        writer.WriteString("created"u8, Peer.Created);
        writer.WriteString("connected"u8, Peer.Connected);
        JsonText.WriteOptional(writer, "signals", Peer.Signals);
        JsonText.WriteOptional(writer, "token", Token);
    }
}
