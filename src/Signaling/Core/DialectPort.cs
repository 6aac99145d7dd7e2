using System;
using Stack.Stun;

namespace Stack.Signaling;

/// <summary>How the core speaks with the peers of one dialect. Everything that only one of them does is in its port.</summary>
internal abstract class DialectPort(SignalingCore core)
{
    protected SignalingCore Core => core;

    /// <summary>The socket is open.</summary>
    public abstract void HandleOpened(Connection connection, Instant now);

    /// <summary>Reads a message.</summary>
    /// <param name="utf8">The message.</param>
    /// <param name="message">What <see cref="Handle"/> is given; null for what is ignored.</param>
    public abstract MessageKind Parse(ReadOnlySpan<byte> utf8, out object? message);

    /// <summary>A message came, and is neither malformed nor too long.</summary>
    public abstract void Handle(Connection connection, object message, ReadOnlySpan<byte> utf8, Instant now);

    /// <summary>Somebody has the handle with which a connection wanted to join.</summary>
    public virtual void HandleNameTaken(Connection connection, Instant now)
        => Core.Close(connection, SignalingCloseCode.NameTaken, "the name is taken", now, drain: true);

    /// <summary>A socket is closed while its peer was joined.</summary>
    /// <returns>Whether the peer may come back.</returns>
    public virtual bool MayComeBack(int closeCode) => false;

    /// <summary>A peer of this dialect is in.</summary>
    public abstract void HandleJoined(Peer peer, bool resumed, Instant now);

    /// <summary>Another peer came to the room of one of this dialect.</summary>
    public virtual void HandleCame(Peer peer, Peer other, Instant now)
    {
    }

    /// <summary>Another peer is going; it is still in the room.</summary>
    public virtual void HandleGone(Peer peer, Peer other, Instant now)
    {
    }

    /// <summary>A peer of this dialect is out of its room.</summary>
    public virtual void HandleLeft(Peer peer)
    {
    }

    /// <summary>What another peer says, for one of this dialect; null where there are no words for it.</summary>
    public abstract byte[]? Translate(Peer from, Peer to, in Said said);

    /// <summary>What kind of message carries what is said.</summary>
    protected static MessageKind KindOf(PeerSignal? signal) => signal switch
    {
        DescriptionSignal => MessageKind.Description,
        CandidateSignal => MessageKind.Candidate,
        _ => MessageKind.Other,
    };
}
