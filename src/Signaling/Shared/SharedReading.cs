using System.Linq;
using System.Text;
using System.Text.Json;

namespace Stack.Signaling;

/// <summary>Reads what other processes say. They are ours, but the store between them may be anybody's.</summary>
internal static class SharedReading
{
    public static SharedMessage? Read(MemberReader reader, JsonElement root)
    {
        string process = reader.NeedText(root, "process");
        return reader.NeedText(root, "kind") switch
        {
            "joined" => new SharedJoined(process, reader.NeedLong(root, "revision"), Session(reader, root), Peer(reader, reader.NeedObject(root, "peer"))),
            "gone" => new SharedGone(process, reader.NeedLong(root, "revision"), Session(reader, root), reader.NeedNumber(root, "id", 1), reader.Flag(root, "lost")),
            "signal" => new SharedSignal(
                process,
                Session(reader, root),
                reader.NeedNumber(root, "from", 1),
                reader.NeedNumber(root, "to", 1),
                Signal(reader, root),
                reader.Text(root, "connectionId"),
                reader.Text(root, "connectionType")),
            "replaced" => new SharedReplaced(process, Session(reader, root), reader.NeedText(root, "token")),
            "alive" => new SharedAlive(process, reader.NeedLong(root, "revision")),
            "wanted" => new SharedWanted(process, reader.Text(root, "target")),
            "session" => new SharedSession(process, Session(reader, root), [.. reader.Array(root, "peers").Select(one => Peer(reader, one))]),
            "snapshot" => new SharedSnapshot(process, reader.NeedLong(root, "revision"), reader.NeedNumber(root, "sessions")),
            "ended" => new SharedEnded(process),
            _ => null,
        };
    }

    private static string Session(MemberReader reader, JsonElement root)
    {
        string session = reader.NeedText(root, "session");
        if (!SessionNames.IsSession(session))
        {
            reader.Fail();
        }

        return session;
    }

    private static SharedPeer Peer(MemberReader reader, JsonElement body)
    {
        string? signals = reader.Text(body, "signals");
        if (body.ValueKind != JsonValueKind.Object || (signals is not null && !StrictJson.IsArray(signals)))
        {
            reader.Fail();
        }

        return new SharedPeer(
            new SessionPeer
            {
                Id = reader.NeedNumber(body, "id", 1),
                Handle = reader.NeedText(body, "handle"),
                Name = reader.Text(body, "name") ?? "",
                Dialect = Dialect(reader, body),
                Remote = reader.Text(body, "remote") ?? "",
                UserAgent = reader.Text(body, "userAgent") ?? "",
                Created = reader.Time(body, "created"),
                Connected = reader.Time(body, "connected"),
                Signals = signals,
            },
            reader.Text(body, "token"));
    }

    private static SignalingDialect Dialect(MemberReader reader, JsonElement body)
    {
        SignalingDialect? dialect = Words.Dialect(reader.NeedText(body, "dialect"));
        if (dialect is null)
        {
            reader.Fail();
        }

        return dialect ?? default;
    }

    private static PeerSignal Signal(MemberReader reader, JsonElement root)
    {
        DialectMembers? original = null;
        if (MemberReader.TryGet(root, "original", out JsonElement body))
        {
            original = new DialectMembers(Dialect(reader, body), reader.NeedText(body, "json"));
            using JsonDocument? members = StrictJson.ParseObject(Encoding.UTF8.GetBytes("{" + original.Json + "}"));
            if (members is null)
            {
                reader.Fail();
            }
        }

        PeerSignal signal = MemberReader.TryGet(root, "description", out JsonElement description)
            ? new DescriptionSignal(SignalJson.ReadDescription(reader, description))
            : MemberReader.TryGet(root, "candidate", out JsonElement candidate)
                ? new CandidateSignal(SignalJson.ReadCandidate(reader, candidate))
                : new VerbatimSignal();
        return signal with { Original = original };
    }
}
