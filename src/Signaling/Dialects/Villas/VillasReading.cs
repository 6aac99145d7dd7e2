using System.Linq;
using System.Text.Json;

namespace Stack.Signaling;

/// <summary>Reads VILLASnode's dialect, with the words of today and those of the old page.</summary>
internal static class VillasReading
{
    private static readonly string[] Kinds = ["signals", "servers", "control", "description", "candidate"];

    /// <summary>The message; null where it is none that is known. The reader says whether it is good.</summary>
    public static VillasMessage? Read(MemberReader reader, JsonElement root)
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

        switch (kind)
        {
            case null:
                // The Go server leaves an empty list away, and then nothing is left.
                return root.GetPropertyCount() == 0 ? new VillasServers([]) : null;
            case "signals":
                return new VillasSignals(Signals(reader, root) ?? "[]");
            case "servers":
                return new VillasServers([.. reader.Array(root, kind).Select(one => Relay(reader, one))]);
            case "candidate":
                MemberReader.TryGet(root, kind, out JsonElement candidate);
                return new VillasSignal(new CandidateSignal(Candidate(reader, candidate)));
        }

        JsonElement body = reader.NeedObject(root, kind);
        if (kind == "control")
        {
            return new VillasControl(
                reader.Number(body, "peer_id") ?? reader.NeedNumber(body, "connection_id"),
                [.. reader.Array(body, "peers").Concat(reader.Array(body, "connections")).Select(one => Peer(reader, one))]);
        }

        return new VillasSignal(new DescriptionSignal(SignalJson.ReadDescription(reader, body, MemberReader.TryGet(body, "spd", out _) ? "spd" : "sdp")));
    }

    private static PeerCandidate Candidate(MemberReader reader, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            return new PeerCandidate("");
        }

        if (value.ValueKind != JsonValueKind.Object)
        {
            reader.Fail();
        }

        string line = reader.Text(value, "spd") ?? reader.Text(value, "sdp") ?? reader.NeedText(value, "candidate");
        return new PeerCandidate(
            SignalJson.Line(line),
            reader.Text(value, "mid") ?? reader.Text(value, "sdpMid"),
            reader.Number(value, "sdpMLineIndex", 0, ushort.MaxValue),
            reader.Text(value, "usernameFragment"));
    }

    private static VillasRelay Relay(MemberReader reader, JsonElement one)
    {
        System.DateTimeOffset expires = reader.Time(one, "expires");
        return new VillasRelay(
            reader.NeedText(one, "url"),
            reader.Text(one, "user") ?? "",
            reader.Text(one, "pass") ?? "",
            reader.Text(one, "realm") ?? "",
            expires == default ? null : expires);
    }

    private static VillasPeer Peer(MemberReader reader, JsonElement one)
    {
        if (one.ValueKind != JsonValueKind.Object)
        {
            reader.Fail();
        }

        return new VillasPeer(
            reader.Number(one, "id") ?? 0,
            reader.Text(one, "name") ?? "",
            reader.Text(one, "remote") ?? "",
            reader.Text(one, "user_agent") ?? "",
            reader.Time(one, "created"),
            reader.Time(one, "connected"),
            Signals(reader, one));
    }

    private static string? Signals(MemberReader reader, JsonElement parent)
    {
        if (!MemberReader.TryGet(parent, "signals", out JsonElement value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            reader.Fail();
        }

        return JsonText.Compact(value);
    }
}
