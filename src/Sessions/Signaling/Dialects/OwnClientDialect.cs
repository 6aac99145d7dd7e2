using System;
using System.Collections.Generic;
using System.Linq;
using Stack.Signaling;

namespace Stack.Sessions;

/// <summary>Our own dialect, <c>docs/signaling.md</c>.</summary>
internal sealed class OwnClientDialect(SignalingClientOptions options) : ClientDialect(options)
{
    private string? _resume;

    /// <summary>With a description; the rest is shorter by far.</summary>
    public override int MaxMessageSize => 64 << 10;

    public override Uri GetUri() => GetUri("", "/session");

    public override byte[] Open() => new OwnJoin(Options.Session, Options.Name, _resume).ToUtf8();

    public override bool Handle(ReadOnlySpan<byte> utf8, ICollection<SignalingClientEvent> events)
    {
        MessageStatus status = OwnMessage.Parse(utf8, out OwnMessage? message);
        switch (message)
        {
            case OwnJoined joined:
                _resume = joined.Resume;
                events.Add(new SignalingClientEvent(joined.Resumed ? SignalingClientEventKind.Resumed : SignalingClientEventKind.Joined)
                {
                    Id = joined.Id,
                    Servers = new RelayServers(joined.Servers, joined.CredentialsExpire),
                    Peers = [.. joined.Peers.Select(ToPeer)],
                });
                return true;
            case OwnPeerCame came:
                events.Add(new SignalingClientEvent(SignalingClientEventKind.PeerCame) { Id = came.Peer.Id, Peer = ToPeer(came.Peer) });
                return true;
            case OwnGone gone:
                events.Add(new SignalingClientEvent(SignalingClientEventKind.PeerGone) { Id = gone.Id, WasLost = gone.Lost });
                return true;
            case OwnServers servers:
                events.Add(new SignalingClientEvent(SignalingClientEventKind.ServersChanged) { Servers = new RelayServers(servers.Servers, servers.CredentialsExpire) });
                return true;
            case OwnSignal signal:
                events.Add(new SignalingClientEvent(SignalingClientEventKind.Signal) { Id = signal.From, Signal = signal.Signal });
                return true;
            case OwnError error:
                events.Add(new SignalingClientEvent(SignalingClientEventKind.NotDelivered) { Id = error.To, Reason = error.Code });
                return true;
            default:
                // What a newer server says more than we know is not for us.
                return status is MessageStatus.Unknown or MessageStatus.Ok;
        }
    }

    public override byte[] Write(int to, PeerSignal signal) => new OwnSignal(to, 0, signal).ToUtf8();

    public override byte[] AskForServers() => new OwnServersWanted().ToUtf8();

    private static SignalingPeer ToPeer(OwnPeer peer) => new(peer.Id, peer.Name, peer.Dialect, peer.Role);
}
