using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Stack.TestKit;
using Xunit;

namespace Stack.Signaling.Tests;

/// <summary>design.md section 2: no input throws, every deadline makes progress, nothing grows without bound, and nothing stays when all are gone.</summary>
public sealed class SansIoContractTests
{
    private static readonly string[] Paths =
    [
        "/session", "/session", "/session", "/villas/w/a", "/villas/w/b", "/villas/w", "/villas/v/a", "/libdatachannel/w/x", "/libdatachannel/w/y", "/libdatachannel/x",
        "/libdatachannel/1", "/websocket?session=w", "/websocket?session=w&name=n", "/websocket", "/peerjs?key=w&id=p&token=t", "/peerjs?key=w&id=p&token=u",
        "/peerjs?key=w&id=q&token=t", "/peerjs?id=p&token=t", "/nowhere", "/villas/%",
    ];

    // By the first part of the path.
    private static readonly Dictionary<string, string[]> Texts = new(StringComparer.Ordinal)
    {
        ["session"] =
        [
            """{"join":{"session":"w","name":"n"}}""", """{"join":{"session":"w","resume":"R"}}""", """{"to":N,"description":{"type":"T","sdp":"S"}}""",
            """{"to":N,"description":{"type":"T","sdp":"S"}}""", """{"to":N,"candidate":{"candidate":"candidate:1","sdpMid":"0"}}""",
            """{"to":N,"candidate":null}""", """{"servers":{}}""", """{"future":1}""",
        ],
        ["villas"] =
        [
            """{"signals":[]}""", """{"signals":[{"name":"u"}]}""", """{"description":{"spd":"S","type":"T"}}""", """{"candidate":{"spd":"candidate:1","mid":"0"}}""",
            """{"candidate":null}""", "{}",
        ],
        ["libdatachannel"] =
        [
            """{"id":"H","type":"T","description":"S"}""", """{"id":"H","type":"candidate","candidate":"a=candidate:1","mid":"0"}""", """{"id":"H","type":"bye"}""",
        ],
        ["websocket"] =
        [
            """{"messageType":"webRTC-offer","offer":{"type":"offer","sdp":"S"}}""", """{"messageType":"webRTC-answer","to":N,"answer":{"type":"answer","sdp":"S"}}""",
            """{"messageType":"webRTC-answer","answer":{"type":"answer","sdp":"S"}}""", """{"messageType":"webRTC-candidate","candidate":null}""",
            """{"messageType":"webRTC-candidate","candidate":{"candidate":"candidate:1","sdpMid":"0","usernameFragment":"f"}}""",
            """{"messageType":"chatMessage","comment":"c"}""",
        ],
        ["peerjs"] =
        [
            """{"type":"HEARTBEAT"}""", """{"type":"LEAVE","dst":"H"}""", """{"type":"OFFER","dst":"H","payload":1}""",
            """{"type":"OFFER","dst":"H","payload":{"sdp":{"type":"offer","sdp":"S"},"type":"data","connectionId":"c"}}""",
            """{"type":"ANSWER","dst":"H","payload":{"sdp":{"type":"answer","sdp":"S"},"type":"data","connectionId":"c"}}""",
            """{"type":"CANDIDATE","dst":"H","payload":{"candidate":{"candidate":"candidate:1","sdpMid":"0"},"type":"data","connectionId":"c"}}""",
        ],
    };

    private static readonly string[] Handles = ["x", "y", "p", "q", "1", "2", "3", "nobody", "peer-1"];
    private static readonly string[] Types = ["offer", "offer", "answer", "pranswer", "rollback"];

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(4, true)]
    public void Driver_TenThousandRandomSteps_NeverThrowsSpinsOrGrows(ulong seed, bool shared)
    {
        var random = new SeededRandom(seed);
        SignalingLimits limits = new()
        {
            MaxQueuedMessages = 20,
            MaxQueuedBytes = 20_000,
            MaxConnections = 40,
            ConnectsPerSecond = 1000,
            MaxConnectionsPerAddress = 1000,
            MaxSessions = 5,
            EmptySessionLifetime = TimeSpan.FromMinutes(2),
            MaxPeersInOpenSession = 10,
        };
        var desk = new Desk(limits, new Relays { Lifetime = TimeSpan.FromMinutes(1) }, seed, shared);
        if (shared)
        {
            desk.Core.HandleSharedRestored(desk.Now);
        }

        List<Client> clients = [];
        var words = new Dictionary<Client, string[]>();
        var tokens = new List<string> { "none" };
        int delivered = 0;
        for (int step = 0; step < 10_000; step++)
        {
            Client? client = clients.Count > 0 ? clients[random.Next(clients.Count)] : null;
            switch (random.Next(24))
            {
                case 0 or 1 when clients.Count < 45:
                    string path = Paths[random.Next(Paths.Length)];
                    if (desk.TryOpen(path, out Client? opened, "192.0.2.1:1") is null)
                    {
                        words.Add(opened!, Texts[path.Split('/', '?')[1]]);
                        opened!.IsSlow = random.Chance(0.2);
                        clients.Add(opened);
                    }

                    break;
                case 2 when client is not null && random.Chance(0.2):
                    client.Close(random.Next(3) switch { 0 => 0, 1 => 1000, _ => 1006 });
                    clients.Remove(client);
                    break;
                case 3:
                    desk.Advance(random.NextDouble() * (random.Chance(0.02) ? 200 : 1));
                    break;
                case 4 when client is not null && random.Chance(0.2):
                    client.Say(Mutate(Fill(Any(words[client], random), random, tokens), random));
                    break;
                case 5 when client is not null && random.Chance(0.05):
                    client.Say(new byte[random.Next(70_000)]);
                    break;
                case 6 when shared:
                    desk.Core.HandleShared(AnyShared(random), desk.Now);
                    desk.Drain();
                    break;
                case 7 when shared && random.Chance(0.1):
                    desk.Core.HandleSharedRestored(desk.Now);
                    desk.Drain();
                    break;
                default:
                    client?.Say(Fill(Any(random.Chance(0.005) ? Texts["session"] : words[client], random), random, tokens));
                    break;
            }

            Number(desk, random);
            Check(desk, limits);
            foreach (Client each in clients.ToArray())
            {
                string[] heard = each.Take();
                delivered += heard.Length;
                foreach (string text in heard.Where(static text => text.StartsWith("{\"joined\"", StringComparison.Ordinal)))
                {
                    tokens.Add(text.Split('"')[7]);
                }

                if (each.CloseCode is not null && random.Chance(0.3))
                {
                    each.Close();
                    clients.Remove(each);
                }
            }

            desk.Shared.Clear();
            desk.Events.Clear();
            tokens.RemoveRange(0, Math.Max(0, tokens.Count - 20));
        }

        Assert.InRange(delivered, shared ? 2000 : 5000, int.MaxValue);
        foreach (Client client in clients)
        {
            client.Close();
        }

        desk.Advance(TimeSpan.FromMinutes(10));
        SignalingCounts counts = desk.Core.Counts;
        Assert.Equal((0, 0, 0, 0, 0), (counts.Connections, counts.Peers, counts.RemotePeers, counts.Sessions, counts.EmptySessions));
        Assert.Equal(shared, desk.Core.NextTimeout is not null);
    }

    private static void Check(Desk desk, SignalingLimits limits)
    {
        SignalingCounts counts = desk.Core.Counts;
        Assert.InRange(counts.Connections, 0, limits.MaxConnections);
        int peers = 0;
        foreach (SessionListing session in desk.Core.Sessions)
        {
            // Other processes may take a session over its limit for as long as it takes to say so.
            Assert.InRange(session.Peers.Count, 0, counts.RemotePeers + (limits.OpenSessions.Contains(session.Name) ? limits.MaxPeersInOpenSession : limits.MaxPeers));
            Assert.Equal(session.Peers.Count, session.Peers.Select(static peer => peer.Id).Distinct().Count());
            peers += session.Peers.Count;
        }

        Assert.Equal(counts.Peers + counts.RemotePeers, peers);
    }

    private static void Number(Desk desk, SeededRandom random)
    {
        foreach (SignalingEvent e in desk.Events.Where(static e => e.Kind == SignalingEventKind.IdWanted).ToArray())
        {
            switch (random.Next(8))
            {
                case 0:
                    desk.Core.HandleIdFailed(e.Connection, desk.Now);
                    break;
                case 1:
                    break;
                default:
                    desk.Core.HandleId(e.Connection, e.Above + random.Next(3), desk.Now);
                    break;
            }

            desk.Drain();
        }
    }

    private static string Any(string[] texts, SeededRandom random) => texts[random.Next(texts.Length)];

    private static SharedMessage AnyShared(SeededRandom random)
    {
        string process = "p" + random.Next(3).ToString(CultureInfo.InvariantCulture);
        string session = random.Chance(0.7) ? "w" : "v";
        int id = 1 + random.Next(12);
        return random.Next(10) switch
        {
            0 or 1 => new SharedJoined(process, random.Next(5), session, AnyPeer(random)),
            2 => new SharedGone(process, random.Next(5), session, id),
            3 => new SharedSignal(process, session, id, 1 + random.Next(12), new DescriptionSignal(new PeerDescription(DescriptionType.Offer, "v=0"))),
            4 => new SharedReplaced(process, session, "token"),
            5 => new SharedAlive(process, random.Next(5)),
            6 => new SharedWanted(process, random.Chance(0.5) ? null : "p0"),
            7 => new SharedSession(process, session, [.. Enumerable.Range(0, random.Next(3)).Select(_ => AnyPeer(random))]),
            8 => new SharedSnapshot(process, random.Next(5), random.Next(3)),
            _ => new SharedEnded(process),
        };
    }

    private static SharedPeer AnyPeer(SeededRandom random) => new(
        new SessionPeer
        {
            Id = 1 + random.Next(12),
            Handle = Handles[random.Next(Handles.Length)],
            Name = "n",
            Dialect = (SignalingDialect)random.Next(5),
        },
        "t");

    private static string Fill(string text, SeededRandom random, List<string> tokens) => text
        .Replace("N", (random.Next(6) + 1).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("\"H\"", "\"" + Handles[random.Next(Handles.Length)] + "\"", StringComparison.Ordinal)
        .Replace("\"R\"", "\"" + tokens[random.Next(tokens.Count)] + "\"", StringComparison.Ordinal)
        .Replace("\"T\"", "\"" + Types[random.Next(Types.Length)] + "\"", StringComparison.Ordinal)
        .Replace("\"S\"", "\"v=0\\r\\na=ice-ufrag:f\\r\\n" + new string('s', random.Next(200)) + "\"", StringComparison.Ordinal);

    private static byte[] Mutate(string text, SeededRandom random)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        for (int i = random.Next(4); i >= 0; i--)
        {
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        }

        return bytes[..(random.Chance(0.3) ? random.Next(bytes.Length + 1) : bytes.Length)];
    }
}
