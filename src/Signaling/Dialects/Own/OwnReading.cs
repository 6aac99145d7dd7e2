using System.Collections.Generic;
using System.Linq;
using System.Text.Json;

namespace Stack.Signaling;

/// <summary>Reads the own dialect: what a message is follows from its one member, or from whether somebody is told something.</summary>
internal static class OwnReading
{
    private static readonly string[] Kinds = ["join", "joined", "peer", "gone", "servers", "error", "leave", "description", "candidate"];

    /// <summary>The message; null where it is none that is known. The reader says whether it is good.</summary>
    public static OwnMessage? Read(MemberReader reader, JsonElement root)
    {
        string? kind = null;
        foreach (string name in Kinds)
        {
            if (MemberReader.TryGet(root, name, out _))
            {
                if (kind is not null)
                {
                    reader.Fail();
                }

                kind ??= name;
            }
        }

        if (kind is null)
        {
            return null;
        }

        if (kind == "candidate")
        {
            MemberReader.TryGet(root, kind, out JsonElement candidate);
            return Signal(reader, root, new CandidateSignal(SignalJson.ReadCandidate(reader, candidate)));
        }

        JsonElement body = reader.NeedObject(root, kind);
        return kind switch
        {
            "join" => new OwnJoin(reader.NeedText(body, "session"), reader.Text(body, "name") ?? "", reader.Text(body, "resume")),
            "joined" => Joined(reader, body),
            "peer" => new OwnPeerCame(Peer(reader, body)),
            "gone" => new OwnGone(reader.NeedNumber(body, "id", 1), reader.Flag(body, "lost")),
            "servers" when !MemberReader.TryGet(body, "servers", out _) => new OwnServersWanted(),
            "servers" => new OwnServers(Servers(reader, body), reader.Milliseconds(body, "credentialsExpireMs")),
            "error" => new OwnError(reader.NeedText(body, "code"), reader.Number(body, "to") ?? 0),
            "leave" => new OwnLeave(),
            _ => Signal(reader, root, new DescriptionSignal(SignalJson.ReadDescription(reader, body))),
        };
    }

    private static OwnSignal Signal(MemberReader reader, JsonElement root, PeerSignal signal)
        => new(reader.Number(root, "to", 1) ?? 0, reader.Number(root, "from", 1) ?? 0, signal);

    private static OwnJoined Joined(MemberReader reader, JsonElement body) => new(
        reader.NeedNumber(body, "id", 1),
        reader.NeedText(body, "resume"),
        reader.Milliseconds(body, "graceMs") ?? default,
        reader.Flag(body, "resumed"),
        Servers(reader, body),
        reader.Milliseconds(body, "credentialsExpireMs"),
        [.. reader.Array(body, "peers").Select(one => Peer(reader, one))]);

    private static OwnPeer Peer(MemberReader reader, JsonElement body) => new(
        reader.NeedNumber(body, "id", 1),
        reader.Text(body, "name") ?? "",
        reader.Text(body, "dialect") is { } dialect ? Words.Dialect(dialect) : null,
        Words.Role(reader.Text(body, "role") ?? ""));

    private static List<RelayServer> Servers(MemberReader reader, JsonElement body)
    {
        var servers = new List<RelayServer>();
        foreach (JsonElement one in reader.Array(body, "servers"))
        {
            servers.Add(new RelayServer(Urls(reader, one), reader.Text(one, "username"), reader.Text(one, "credential")));
        }

        return servers;
    }

    private static List<string> Urls(MemberReader reader, JsonElement server)
    {
        var urls = new List<string>();
        foreach (JsonElement url in reader.Array(server, "urls"))
        {
            if (url.ValueKind == JsonValueKind.String)
            {
                urls.Add(url.GetString()!);
            }
            else
            {
                reader.Fail();
            }
        }

        if (urls.Count == 0)
        {
            reader.Fail();
        }

        return urls;
    }
}
