using System.Text.Json;

namespace Stack.Signaling;

/// <summary><c>RTCSessionDescriptionInit</c> and <c>RTCIceCandidateInit</c>, as several dialects have them.</summary>
internal static class SignalJson
{
    private const int MaxLineIndex = ushort.MaxValue;

    /// <summary>Reads a description.</summary>
    public static PeerDescription ReadDescription(MemberReader reader, JsonElement value, string textName = "sdp")
    {
        string word = reader.NeedText(value, "type");
        if (!Words.TryDescriptionType(word, out DescriptionType type))
        {
            reader.Fail();
        }

        return new PeerDescription(type, type == DescriptionType.Rollback ? reader.Text(value, textName) ?? "" : reader.NeedText(value, textName));
    }

    /// <summary>Reads a candidate; null is the end of them.</summary>
    public static PeerCandidate ReadCandidate(MemberReader reader, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            return new PeerCandidate("");
        }

        if (value.ValueKind != JsonValueKind.Object)
        {
            reader.Fail();
        }

        return new PeerCandidate(
            Line(reader.Text(value, "candidate") ?? ""),
            reader.Text(value, "sdpMid"),
            reader.Number(value, "sdpMLineIndex", 0, MaxLineIndex),
            reader.Text(value, "usernameFragment"));
    }

    /// <summary>A candidate line without <c>a=</c>, which some write.</summary>
    public static string Line(string text) => text.StartsWith("a=", System.StringComparison.Ordinal) ? text[2..] : text;

    /// <summary>The media section by name for dialects that have to name one.</summary>
    public static string MidOf(PeerCandidate candidate)
        => candidate.Mid ?? candidate.LineIndex?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "0";

    /// <summary>Writes a description.</summary>
    public static void Write(Utf8JsonWriter writer, string name, PeerDescription description)
    {
        writer.WriteStartObject(name);
        writer.WriteString("type"u8, Words.Of(description.Type));
        writer.WriteString("sdp"u8, description.Sdp);
        writer.WriteEndObject();
    }

    /// <summary>Writes a candidate.</summary>
    public static void Write(Utf8JsonWriter writer, string name, PeerCandidate candidate)
    {
        writer.WriteStartObject(name);
        writer.WriteString("candidate"u8, candidate.Line);
        JsonText.WriteOptional(writer, "sdpMid", candidate.Mid);
        if (candidate.LineIndex is { } index)
        {
            writer.WriteNumber("sdpMLineIndex"u8, index);
        }

        JsonText.WriteOptional(writer, "usernameFragment", candidate.UsernameFragment);
        writer.WriteEndObject();
    }
}
