using System;
using System.Linq;
using System.Text.Json.Nodes;

namespace Stack.Signaling.Tests;

/// <summary>A peer of any dialect in the session <c>w</c>: writes its dialect by hand, so that nothing of the codec is taken for granted.</summary>
internal sealed class DialectPeer
{
    private readonly SignalingDialect _dialect;
    private readonly Client _client;

    public DialectPeer(Desk desk, SignalingDialect dialect, string name)
    {
        _dialect = dialect;
        _client = desk.Open(dialect switch
        {
            SignalingDialect.Own => "/session",
            SignalingDialect.Villas => "/villas/w/" + name,
            SignalingDialect.LibDataChannel => "/libdatachannel/w/" + name,
            SignalingDialect.Lecture => "/websocket?session=w",
            _ => $"/peerjs?key=w&id={name}&token=t",
        });
        if (dialect == SignalingDialect.Own)
        {
            _client.Say("""{"join":{"session":"w","name":"NAME"}}""".Replace("NAME", name, StringComparison.Ordinal));
        }
        else if (dialect == SignalingDialect.Villas)
        {
            _client.Say("""{"signals":[]}""");
        }

        Id = desk.Core.FindSession("w")!.Peers[^1].Id;
        Handle = desk.Core.FindSession("w")!.Peers[^1].Handle;
    }

    public int Id { get; }

    public string Handle { get; }

    public Client Client => _client;

    public void Describe(DialectPeer to, string type, string sdp)
    {
        JsonNode text = sdp;
        _client.Say(_dialect switch
        {
            SignalingDialect.Own => $"{{\"to\":{to.Id},\"description\":{{\"type\":\"{type}\",\"sdp\":{text.ToJsonString()}}}}}",
            SignalingDialect.Villas => $"{{\"description\":{{\"spd\":{text.ToJsonString()},\"type\":\"{type}\"}}}}",
            SignalingDialect.LibDataChannel => $"{{\"id\":\"{to.Handle}\",\"type\":\"{type}\",\"description\":{text.ToJsonString()}}}",
            SignalingDialect.Lecture => $"{{\"to\":{to.Id},\"messageType\":\"webRTC-{type}\",\"{type}\":{{\"type\":\"{type}\",\"sdp\":{text.ToJsonString()}}}}}",
            _ => $"{{\"type\":\"{type.ToUpperInvariant()}\",\"dst\":\"{to.Handle}\",\"payload\":{{\"sdp\":{{\"type\":\"{type}\",\"sdp\":{text.ToJsonString()}}},\"type\":\"data\",\"connectionId\":\"dc_own\"}}}}",
        });
    }

    public void Candidate(DialectPeer to, string line)
    {
        _client.Say(_dialect switch
        {
            SignalingDialect.Own => $"{{\"to\":{to.Id},\"candidate\":{{\"candidate\":\"{line}\",\"sdpMid\":\"0\"}}}}",
            SignalingDialect.Villas => $"{{\"candidate\":{{\"spd\":\"{line}\",\"mid\":\"0\"}}}}",
            SignalingDialect.LibDataChannel => $"{{\"id\":\"{to.Handle}\",\"type\":\"candidate\",\"candidate\":\"a={line}\",\"mid\":\"0\"}}",
            SignalingDialect.Lecture => $"{{\"to\":{to.Id},\"messageType\":\"webRTC-candidate\",\"candidate\":{{\"candidate\":\"{line}\",\"sdpMid\":\"0\"}}}}",
            _ => $"{{\"type\":\"CANDIDATE\",\"dst\":\"{to.Handle}\",\"payload\":{{\"candidate\":{{\"candidate\":\"{line}\",\"sdpMid\":\"0\"}},\"type\":\"data\",\"connectionId\":\"dc_own\"}}}}",
        });
    }

    /// <summary>Says that there are no more candidates; false where the dialect has no words for it.</summary>
    public bool End(DialectPeer to)
    {
        string? text = _dialect switch
        {
            SignalingDialect.Own => $"{{\"to\":{to.Id},\"candidate\":{{\"candidate\":\"\",\"sdpMid\":\"0\"}}}}",
            SignalingDialect.Lecture => $"{{\"to\":{to.Id},\"messageType\":\"webRTC-candidate\",\"candidate\":null}}",
            SignalingDialect.PeerJs => $"{{\"type\":\"CANDIDATE\",\"dst\":\"{to.Handle}\",\"payload\":{{\"candidate\":{{\"candidate\":\"\",\"sdpMid\":\"0\"}},\"type\":\"data\",\"connectionId\":\"dc_own\"}}}}",
            _ => null,
        };
        if (text is not null)
        {
            _client.Say(text);
        }

        return text is not null;
    }

    /// <summary>What was heard since the last time, as (what, from whom, text), the text of a candidate without <c>a=</c>.</summary>
    public (string Kind, string From, string Text)[] Hear() => [.. _client.Take().Select(text => Read(JsonNode.Parse(text)!.AsObject())).Where(static heard => heard.Kind.Length > 0)];

    private (string Kind, string From, string Text) Read(JsonObject message)
    {
        string Text(params object[] path) => path.Aggregate((JsonNode?)message, static (node, step) => step is string name ? node?[name] : node)?.ToString() ?? "";
        switch (_dialect)
        {
            case SignalingDialect.Own when message.ContainsKey("description"):
                return (Text("description", "type"), Text("from"), Text("description", "sdp"));
            case SignalingDialect.Own when message.ContainsKey("candidate"):
                return (Text("candidate", "candidate").Length == 0 ? "end" : "candidate", Text("from"), Text("candidate", "candidate"));
            case SignalingDialect.Own when message.ContainsKey("gone"):
                return ("gone", Text("gone", "id"), "");
            case SignalingDialect.Villas when message.ContainsKey("description"):
                return (Text("description", "type"), "", Text("description", "spd"));
            case SignalingDialect.Villas when message.ContainsKey("candidate"):
                return ("candidate", "", Text("candidate", "spd"));
            case SignalingDialect.Villas when message.ContainsKey("control"):
                return ("control", "", string.Join(',', message["control"]!["peers"]!.AsArray().Select(static peer => peer!["id"]!.ToString())));
            case SignalingDialect.LibDataChannel when Text("type") == "candidate":
                return ("candidate", Text("id"), Text("candidate") is var line && line.StartsWith("a=", StringComparison.Ordinal) ? line[2..] : "not as its clients write it");
            case SignalingDialect.LibDataChannel:
                return (Text("type"), Text("id"), Text("description"));
            case SignalingDialect.Lecture when Text("messageType") == "webRTC-candidate":
                return (message["candidate"] is null ? "end" : "candidate", Text("from"), Text("candidate", "candidate"));
            case SignalingDialect.Lecture:
                return (Text("messageType")["webRTC-".Length..], Text("from"), Text(Text("messageType")["webRTC-".Length..], "sdp"));
            case SignalingDialect.PeerJs when Text("type") is "OFFER" or "ANSWER":
                return Text("payload", "connectionId").Length == 0 || Text("payload", "type") != "data" || Text("dst") != Handle
                    ? ("broken", "", message.ToJsonString())
                    : (Text("payload", "sdp", "type"), Text("src"), Text("payload", "sdp", "sdp"));
            case SignalingDialect.PeerJs when Text("type") == "CANDIDATE":
                return (Text("payload", "candidate", "candidate").Length == 0 ? "end" : "candidate", Text("src"), Text("payload", "candidate", "candidate"));
            case SignalingDialect.PeerJs when Text("type") == "LEAVE":
                return ("gone", Text("src"), "");
            default:
                return ("", "", "");
        }
    }
}
