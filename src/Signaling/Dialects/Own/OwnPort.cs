using System;
using System.Collections.Generic;
using System.Linq;
using Stack.Stun;

namespace Stack.Signaling;

/// <summary>Peers of the own dialect: they join by a word, are told their roles, and come back.</summary>
internal sealed class OwnPort(SignalingCore core) : DialectPort(core)
{
    // Fresh credentials come while the old ones are still good for a refresh.
    private const double CredentialsShare = 0.8;
    private const int TokenLength = 32;
    private static readonly TimeSpan LeastCredentialsInterval = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, Peer> _tokens = new(StringComparer.Ordinal);

    public Peer? FindToken(string session, string token)
        => _tokens.GetValueOrDefault(token) is { IsGone: false } peer && peer.Room.Name == session ? peer : null;

    public override void HandleOpened(Connection connection, Instant now)
        => Core.SetDeadline(connection.Deadline, now + Core.Limits.FirstMessageTimeout);

    public override MessageKind Parse(ReadOnlySpan<byte> utf8, out object? message)
    {
        MessageStatus status = OwnMessage.Parse(utf8, out OwnMessage? read);
        message = read;
        return status switch
        {
            MessageStatus.Malformed => MessageKind.Malformed,
            _ when read is OwnSignal { To: 0 } => MessageKind.Malformed,
            _ when read is OwnJoin join && !(SessionNames.IsSession(join.Session) && SessionNames.IsName(join.Name)) => MessageKind.Malformed,
            _ => KindOf((read as OwnSignal)?.Signal),
        };
    }

    public override void Handle(Connection connection, object message, ReadOnlySpan<byte> utf8, Instant now)
    {
        switch (connection.Peer, message)
        {
            case (null, OwnJoin join):
                HandleJoin(connection, join, now);
                break;
            case (null, _) or (_, OwnJoin):
                Core.Close(connection, SignalingCloseCode.Malformed, "join comes first, and once", now, drain: true);
                break;
            case ({ } peer, OwnSignal said):
                HandleSignal(peer, said, now);
                break;
            case ({ } peer, OwnServersWanted):
                SendServers(peer, now);
                break;
            case (_, OwnLeave):
                Core.Close(connection, SignalingCloseCode.Normal, "", now, drain: true);
                break;
            default:
                break;
        }
    }

    // Who closes properly leaves (RFC 6455 section 7.4.1: normal closure, going away).
    public override bool MayComeBack(int closeCode) => closeCode is not (SignalingCloseCode.Normal or SignalingCloseCode.GoingAway);

    public override void HandleJoined(Peer peer, bool resumed, Instant now)
    {
        if (peer.Token is { } former)
        {
            _tokens.Remove(former);
        }

        string token = Core.NewToken();
        _tokens.Add(token, peer);
        peer.Token = token;
        peer.ToldRoles.Clear();
        RelayServers relays = Relays(peer, now);
        Peer[] others = [.. peer.Room.Peers.Where(other => other != peer && !other.IsGone)];
        Core.Send(
            peer,
            new OwnJoined(peer.Id, token, Core.Limits.ResumeGrace, resumed, relays.Servers, relays.Lifetime, [.. others.Select(other => Describe(peer, other))]).ToUtf8(),
            now);
    }

    public override void HandleCame(Peer peer, Peer other, Instant now) => Core.Send(peer, new OwnPeerCame(Describe(peer, other)).ToUtf8(), now);

    public override void HandleGone(Peer peer, Peer other, Instant now) => Core.Send(peer, new OwnGone(other.Id, other.IsLost).ToUtf8(), now);

    public override void HandleLeft(Peer peer) => _tokens.Remove(peer.Token ?? "");

    public override byte[]? Translate(Peer from, Peer to, in Said said)
        => said.Signal is VerbatimSignal ? null : new OwnSignal(0, from.Id, said.Signal).ToUtf8();

    /// <summary>Tells a peer the roles that have changed.</summary>
    public void SendChangedRoles(Peer peer, Peer[] others, Instant now)
    {
        foreach (Peer other in others)
        {
            if (!other.IsGone && peer.ToldRoles.TryGetValue(other.Id, out PairRole told) && told != peer.Room.RoleOf(peer, other))
            {
                Core.Send(peer, new OwnPeerCame(Describe(peer, other)).ToUtf8(), now);
            }
        }
    }

    /// <summary>Sends fresh relay credentials.</summary>
    public void SendServers(Peer peer, Instant now)
    {
        RelayServers relays = Relays(peer, now);

        // Who has no socket gets them when it comes back.
        if (peer.Connection is not null)
        {
            Core.Send(peer, new OwnServers(relays.Servers, relays.Lifetime).ToUtf8(), now);
        }
    }

    private void HandleJoin(Connection connection, OwnJoin join, Instant now)
    {
        connection.Session = join.Session;
        if (join.Resume is { } token)
        {
            if (FindToken(join.Session, token) is { } peer)
            {
                Core.Attach(connection, peer, now);
                return;
            }

            if (token.Length == TokenLength)
            {
                Core.TellReplaced(join.Session, token);
            }
        }

        Core.Join(connection, new JoinIntent(join.Name), now);
    }

    private void HandleSignal(Peer peer, OwnSignal said, Instant now)
    {
        string? error = Core.Say(peer, peer.Room.Find(said.To), new Said(said.Signal), now) switch
        {
            Delivery.NoSuchPeer => OwnError.NoSuchPeer,
            Delivery.Unexpected => OwnError.Unexpected,
            _ => null,
        };
        if (error is not null)
        {
            Core.Send(peer, new OwnError(error, said.To).ToUtf8(), now);
        }
    }

    private RelayServers Relays(Peer peer, Instant now)
    {
        RelayServers relays = Core.IssueRelays(peer);
        if (relays.Lifetime is { } lifetime)
        {
            TimeSpan interval = lifetime * CredentialsShare;
            Core.SetDeadline(peer.Credentials, now + (interval > LeastCredentialsInterval ? interval : LeastCredentialsInterval));
        }

        return relays;
    }

    private static OwnPeer Describe(Peer peer, Peer other)
    {
        PairRole role = peer.Room.RoleOf(peer, other);
        peer.ToldRoles[other.Id] = role;
        return new OwnPeer(other.Id, other.Card.Name, other.Dialect, role);
    }
}
