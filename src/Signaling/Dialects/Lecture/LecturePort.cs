using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Stack.Stun;

namespace Stack.Signaling;

/// <summary>Peers of the lecture: what they say goes to all others, unless they or the connection that it belongs to say to whom.</summary>
internal sealed class LecturePort(SignalingCore core) : DialectPort(core)
{
    private const int MaxFragments = 64;
    private const string FragmentLine = "a=ice-ufrag:";
    private const string FragmentWord = " ufrag ";

    public override void HandleOpened(Connection connection, Instant now) => Core.Join(connection, new JoinIntent(connection.Name ?? ""), now);

    public override MessageKind Parse(ReadOnlySpan<byte> utf8, out object? message)
    {
        MessageStatus status = LectureMessage.Parse(utf8, out LectureMessage? read);
        message = read;
        return status == MessageStatus.Malformed ? MessageKind.Malformed : KindOf(read?.Signal);
    }

    public override void Handle(Connection connection, object message, ReadOnlySpan<byte> utf8, Instant now)
    {
        if (connection.Peer is not { } peer || message is not LectureMessage said)
        {
            return;
        }

        Peer[] to = [.. ReceiversOf(peer, said)];
        if (said.Signal is DescriptionSignal description)
        {
            Remember(peer, description.Description.Sdp, to);
        }

        foreach (Peer other in to)
        {
            if (!peer.IsGone)
            {
                Core.Say(peer, other, new Said(said.Signal), now);
            }
        }

        if (said.IsChat && said.To is null && !peer.IsGone)
        {
            // The page shows what it said when it hears it.
            Core.Send(peer, Translate(peer, peer, new Said(said.Signal)), now);
        }
    }

    public override void HandleJoined(Peer peer, bool resumed, Instant now)
    {
    }

    public override byte[]? Translate(Peer from, Peer to, in Said said)
    {
        // What is not translated keeps its words; the chat alone has a name beside it, which the server knows best.
        string? username = said.Signal is VerbatimSignal { Original.Json: { } json } && LectureMessage.IsChatText(json) ? NameOf(from) : null;
        return new LectureMessage(null, from.Id, said.Signal) { Username = username }.ToUtf8();
    }

    private static string NameOf(Peer peer) => peer.Card.Name.Length > 0 ? peer.Card.Name : peer.Card.Handle;

    private static IEnumerable<Peer> ReceiversOf(Peer peer, LectureMessage said)
    {
        if (said.To is { } to)
        {
            // Numbers are what the receivers read in "from".
            Peer? numbered = int.TryParse(to, NumberStyles.None, CultureInfo.InvariantCulture, out int id) ? peer.Room.Find(id) : null;
            return (numbered ?? peer.Room.Find(to)) is { } one ? [one] : [];
        }

        Peer[] others = [.. peer.Room.Peers.Where(other => other != peer && !other.IsGone && (other.Dialect != SignalingDialect.Villas || peer.Room.ArePair(peer, other)))];
        if (peer.Room.IsOpen)
        {
            return [];
        }

        switch (said.Signal)
        {
            case DescriptionSignal { Description.Type: DescriptionType.Answer or DescriptionType.PrAnswer }:
                // An answer is for whoever offered; where nobody did, the others of the lecture sort it out as they do with their own server.
                Peer[] offered = [.. others.Where(other => other.Offered.Contains(peer.Id))];
                return offered.Length > 0 ? offered : others.Where(static other => other.Dialect == SignalingDialect.Lecture);
            case CandidateSignal { Candidate: { } candidate } when others.Length > 1:
                if (FragmentOf(candidate) is { } fragment && peer.Fragments.TryGetValue(fragment, out int[]? ids))
                {
                    return others.Where(other => ids.Contains(other.Id));
                }

                // Which of its connections has ended its candidates is not said, so those who would believe it are not told.
                return candidate.IsEnd ? others.Where(static other => other.Dialect == SignalingDialect.Lecture) : others;
            default:
                return others;
        }
    }

    private static void Remember(Peer peer, string sdp, Peer[] to)
    {
        int[] ids = [.. to.Select(static other => other.Id)];
        foreach (ReadOnlySpan<char> line in sdp.AsSpan().EnumerateLines())
        {
            if (line.StartsWith(FragmentLine, StringComparison.Ordinal))
            {
                string fragment = line[FragmentLine.Length..].Trim().ToString();
                if (peer.Fragments.Count < MaxFragments || peer.Fragments.ContainsKey(fragment))
                {
                    peer.Fragments[fragment] = ids;
                }
            }
        }
    }

    private static string? FragmentOf(PeerCandidate candidate)
    {
        if (candidate.UsernameFragment is not null)
        {
            return candidate.UsernameFragment;
        }

        int at = candidate.Line.IndexOf(FragmentWord, StringComparison.Ordinal);
        return at < 0 ? null : candidate.Line[(at + FragmentWord.Length)..].Split(' ', 2)[0];
    }
}
