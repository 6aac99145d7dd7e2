using System;
using Stack.Stun;

namespace Stack.Signaling;

/// <summary>Peers of libdatachannel's and node-datachannel's examples: they address by name, and nobody tells them anything else.</summary>
internal sealed class LibDataChannelPort(SignalingCore core) : DialectPort(core)
{
    public override void HandleOpened(Connection connection, Instant now) => Core.Join(connection, new JoinIntent("", connection.Name), now);

    public override MessageKind Parse(ReadOnlySpan<byte> utf8, out object? message)
    {
        MessageStatus status = LibDataChannelMessage.Parse(utf8, out LibDataChannelMessage? read);
        message = read;
        return status == MessageStatus.Malformed ? MessageKind.Malformed : KindOf(read?.Signal);
    }

    public override void Handle(Connection connection, object message, ReadOnlySpan<byte> utf8, Instant now)
    {
        if (connection.Peer is { } peer && message is LibDataChannelMessage said)
        {
            Core.Say(peer, peer.Room.Find(said.Id), new Said(said.Signal), now);
        }
    }

    public override void HandleJoined(Peer peer, bool resumed, Instant now)
    {
    }

    public override byte[]? Translate(Peer from, Peer to, in Said said) => new LibDataChannelMessage(from.Card.Handle, said.Signal).ToUtf8();
}
