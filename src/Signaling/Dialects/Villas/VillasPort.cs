using System;
using System.Collections.Generic;
using System.Linq;
using Stack.Stun;

namespace Stack.Signaling;

/// <summary>Peers of VILLASnode: they say things to all, and take from the list that they are sent who of them is connected.</summary>
internal sealed class VillasPort(SignalingCore core) : DialectPort(core)
{
    private const int MaxSignals = 4096;

    public override void HandleOpened(Connection connection, Instant now)
        => Core.SetDeadline(connection.Deadline, now + Core.Limits.FirstMessageTimeout);

    public override MessageKind Parse(ReadOnlySpan<byte> utf8, out object? message)
    {
        MessageStatus status = VillasMessage.Parse(utf8, out VillasMessage? read);
        message = read;
        return status == MessageStatus.Malformed ? MessageKind.Malformed : KindOf((read as VillasSignal)?.Signal);
    }

    public override void Handle(Connection connection, object message, ReadOnlySpan<byte> utf8, Instant now)
    {
        if (connection.State == ConnectionState.Opened && message is VillasSignals or VillasSignal)
        {
            string? signals = message is VillasSignals { Json: { Length: <= MaxSignals } json } ? json : null;
            Core.Join(connection, new JoinIntent(connection.Name ?? Uuid(), Signals: signals), now);
            if (connection.State == ConnectionState.AwaitingId && message is VillasSignal)
            {
                Core.Postpone(connection, utf8, now);
            }
        }

        if (connection.Peer is { } peer && message is VillasSignal { Signal: not CandidateSignal { Candidate.IsEnd: true } } said)
        {
            foreach (Peer other in peer.Room.Peers)
            {
                // Its like hear everything, as from the server of their own; of the others whoever is its partner.
                if (!peer.IsGone && (peer.Room.ArePair(peer, other) || (other.Dialect == SignalingDialect.Villas && !peer.Room.IsOpen)))
                {
                    Core.Say(peer, other, new Said(said.Signal), now);
                }
            }
        }
    }

    public override void HandleJoined(Peer peer, bool resumed, Instant now)
    {
        RelayServers relays = Core.IssueRelays(peer);
        var servers = new List<VillasRelay>();
        foreach (RelayServer server in relays.Servers)
        {
            servers.AddRange(server.Urls.Select(url => server.Credential is null
                ? new VillasRelay(url)
                : new VillasRelay(url, server.Username ?? "", server.Credential, "", relays.Expires)));
        }

        Core.Send(peer, new VillasServers(servers).ToUtf8(), now);
    }

    public override byte[]? Translate(Peer from, Peer to, in Said said)
        => said.Signal is VerbatimSignal or CandidateSignal { Candidate.IsEnd: true } ? null : new VillasSignal(said.Signal).ToUtf8();

    /// <summary>Sends all peers of VILLASnode's the list of the session.</summary>
    public void SendLists(Peer[] peers, Instant now)
    {
        VillasPeer[] list = [.. peers.Select(Describe)];
        foreach (Peer peer in peers)
        {
            if (peer is { IsLocal: true, IsGone: false, Dialect: SignalingDialect.Villas })
            {
                Core.Send(peer, new VillasControl(peer.Id, list).ToUtf8(), now);
            }
        }
    }

    // Only VILLASnode's own server tells where peers are; who did not join there did not agree to that.
    private static VillasPeer Describe(Peer peer) => new(
        peer.Id,
        peer.Card.Name.Length > 0 ? peer.Card.Name : peer.Card.Handle,
        peer.Dialect == SignalingDialect.Villas ? peer.Card.Remote : "",
        peer.Dialect == SignalingDialect.Villas ? peer.Card.UserAgent : "",
        peer.Card.Created,
        peer.Card.Connected,
        peer.Card.Signals);

    // A random one (RFC 9562 section 5.4).
    private string Uuid()
    {
        char[] digits = Core.NewToken().ToCharArray();
        digits[12] = '4';
        digits[16] = "89ab"[digits[16] & 3];
        string text = new(digits);
        return $"{text[..8]}-{text[8..12]}-{text[12..16]}-{text[16..20]}-{text[20..]}";
    }
}
