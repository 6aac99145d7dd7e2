using System;
using System.Linq;
using Stack.Stun;

namespace Stack.Signaling;

/// <summary>Peers of PeerJS: they address by name, may have several connections with one another, and wait for those who are not there.</summary>
internal sealed class PeerJsPort(SignalingCore core) : DialectPort(core)
{
    private static readonly byte[] Opened = new PeerJsMessage(PeerJsMessage.Open).ToUtf8()!;
    private static readonly byte[] Taken = new PeerJsMessage(PeerJsMessage.IdTaken) { Text = "ID is taken" }.ToUtf8()!;

    public override void HandleOpened(Connection connection, Instant now)
    {
        string handle = connection.Name!;
        Peer? holder = Core.FindRoom(connection.Session)?.Find(handle);
        if (!Core.MayTake(connection, handle))
        {
            HandleNameTaken(connection, now);
        }
        else if (holder is { IsLocal: true })
        {
            Core.Attach(connection, holder, now);
        }
        else
        {
            Core.Join(connection, new JoinIntent("", handle), now);
        }
    }

    public override void HandleNameTaken(Connection connection, Instant now)
    {
        Core.Send(connection, Taken, now);
        Core.Close(connection, SignalingCloseCode.Normal, "the id is taken", now, drain: true);
    }

    public override MessageKind Parse(ReadOnlySpan<byte> utf8, out object? message)
    {
        MessageStatus status = PeerJsMessage.Parse(utf8, out PeerJsMessage? read);
        message = read;
        return status == MessageStatus.Malformed ? MessageKind.Malformed : KindOf(read?.Signal);
    }

    public override void Handle(Connection connection, object message, ReadOnlySpan<byte> utf8, Instant now)
    {
        if (connection.Peer is not { } peer || message is not PeerJsMessage { Signal: { } signal } read)
        {
            return;
        }

        bool leaves = read.Type == PeerJsMessage.Leave;
        if (read.Destination is not { } destination)
        {
            if (leaves)
            {
                Core.Close(connection, SignalingCloseCode.Normal, "", now, drain: true);
            }

            return;
        }

        var said = new Said(signal, read.ConnectionId, read.ConnectionType);
        if (peer.Room.Find(destination) is { } to)
        {
            Core.Say(peer, to, said, now);
        }
        else if (!leaves)
        {
            Await(peer, destination, said, utf8.Length, now);
        }
    }

    public override void HandleJoined(Peer peer, bool resumed, Instant now)
    {
        Core.SetDeadline(peer.Connection!.Deadline, now + Core.Limits.PeerJsAliveTimeout);
        Core.Send(peer, Opened, now);
    }

    // PeerJS's own server does not say when somebody goes, and connections outlive it. Peers of other dialects are gone when they are.
    public override void HandleGone(Peer peer, Peer other, Instant now)
    {
        if (peer.Links.ContainsKey(other.Id))
        {
            Core.Send(peer, new PeerJsMessage(PeerJsMessage.Leave, other.Card.Handle, peer.Card.Handle).ToUtf8(), now);
        }
    }

    public override byte[]? Translate(Peer from, Peer to, in Said said)
    {
        if (from.Dialect == SignalingDialect.PeerJs)
        {
            return new PeerJsMessage("", from.Card.Handle, to.Card.Handle, said.Signal).ToUtf8();
        }

        if (!to.Links.TryGetValue(from.Id, out PeerJsLink? link))
        {
            link = new PeerJsLink("dc_" + Core.NewToken()[..11], "data");
            to.Links.Add(from.Id, link);
        }

        return new PeerJsMessage(PeerJsMessage.TypeOf(said.Signal), from.Card.Handle, to.Card.Handle, said.Signal, link.ConnectionId, link.Type).ToUtf8();
    }

    /// <summary>Passes on what was said to a peer before it came.</summary>
    public void SendAwaited(Peer peer, Instant now)
    {
        foreach (Peer other in peer.Room.Peers)
        {
            if (other is { IsLocal: true, IsGone: false } && other.Absent.Remove(peer.Card.Handle, out AbsentMessages? messages))
            {
                Release(other, messages);
                foreach (Said said in messages.Messages)
                {
                    if (!other.IsGone)
                    {
                        Core.Say(other, peer, said, now);
                    }
                }
            }
        }
    }

    /// <summary>Tells a peer whom it has waited for in vain.</summary>
    public void Expire(Peer peer, Instant now)
    {
        foreach ((string handle, AbsentMessages messages) in peer.Absent.ToArray())
        {
            if (messages.Expires <= now)
            {
                peer.Absent.Remove(handle);
                Release(peer, messages);
                SendExpired(peer, handle, now);
            }
        }

        if (peer.Absent.Count > 0)
        {
            Core.SetDeadline(peer.AbsentDeadline, peer.Absent.Values.Min(static messages => messages.Expires));
        }
    }

    private static void Release(Peer peer, AbsentMessages messages)
    {
        peer.AbsentCount -= messages.Messages.Count;
        peer.AbsentBytes -= messages.Bytes;
    }

    private void SendExpired(Peer peer, string handle, Instant now)
        => Core.Send(peer, new PeerJsMessage(PeerJsMessage.Expire, handle, peer.Card.Handle).ToUtf8(), now);

    private void Await(Peer peer, string destination, in Said said, int size, Instant now)
    {
        if (peer.AbsentCount >= Core.Limits.MaxQueuedMessages || peer.AbsentBytes + size > Core.Limits.MaxQueuedBytes)
        {
            SendExpired(peer, destination, now);
            return;
        }

        if (!peer.Absent.TryGetValue(destination, out AbsentMessages? messages))
        {
            messages = new AbsentMessages(now + Core.Limits.PeerJsAbsentTimeout);
            peer.Absent.Add(destination, messages);
            if (peer.Absent.Count == 1)
            {
                Core.SetDeadline(peer.AbsentDeadline, messages.Expires);
            }
        }

        messages.Messages.Add(said);
        messages.Bytes += size;
        peer.AbsentCount++;
        peer.AbsentBytes += size;
    }
}
