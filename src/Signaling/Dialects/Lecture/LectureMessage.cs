using System;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Stack.Signaling;

/// <summary>A message of the lecture's dialect, in either direction.</summary>
/// <param name="To">Whom it is for, a number or a handle; null for all others, and in what the server sends.</param>
/// <param name="From">Whom it is from; 0 in what a peer sends.</param>
/// <param name="Signal">What is said. A <see cref="VerbatimSignal"/> where it is neither a description nor a candidate.</param>
public sealed record LectureMessage(string? To, int From, PeerSignal Signal)
{
    private const string Offer = "webRTC-offer";
    private const string Answer = "webRTC-answer";
    private const string Candidate = "webRTC-candidate";
    private const string Chat = "chatMessage";

    /// <summary>Whether it is the chat, which goes to the sender too.</summary>
    public bool IsChat { get; init; }

    /// <summary>Who says it in the chat, set by the server; null elsewhere.</summary>
    public string? Username { get; init; }

    /// <summary>Reads a message. Never throws on what it reads; the size is the caller's to bound.</summary>
    /// <param name="utf8">The message in UTF-8.</param>
    /// <param name="message">The message; null unless the status is <see cref="MessageStatus.Ok"/>.</param>
    public static MessageStatus Parse(ReadOnlySpan<byte> utf8, out LectureMessage? message)
    {
        message = null;
        using JsonDocument? document = StrictJson.ParseObject(utf8);
        if (document is null)
        {
            return MessageStatus.Malformed;
        }

        JsonElement root = document.RootElement;
        var reader = new MemberReader();
        string kind = reader.NeedText(root, "messageType");
        PeerSignal signal = kind switch
        {
            Offer => Description(reader, root, "offer"),
            Answer => Description(reader, root, "answer"),
            Candidate => new CandidateSignal(MemberReader.TryGet(root, "candidate", out JsonElement value) ? SignalJson.ReadCandidate(reader, value) : new PeerCandidate("")),
            _ => new VerbatimSignal(),
        };
        string? to = Address(reader, root);
        int from = reader.Number(root, "from", 1) ?? 0;
        bool chat = kind == Chat;
        string? username = chat ? reader.Text(root, "username") : null;
        if (!reader.Ok)
        {
            return MessageStatus.Malformed;
        }

        string members = chat ? JsonText.Members(root, "to", "from", "username") : JsonText.Members(root, "to", "from");
        message = new LectureMessage(to, from, signal with { Original = new DialectMembers(SignalingDialect.Lecture, members) }) { IsChat = chat, Username = username };
        return MessageStatus.Ok;
    }

    /// <summary>The message in UTF-8; null for what this dialect has no words for.</summary>
    public byte[]? ToUtf8()
    {
        string? members = Signal switch
        {
            { Original: { Dialect: SignalingDialect.Lecture } original } => original.Json,
            DescriptionSignal { Description: { Type: not DescriptionType.Rollback } description } => Members(writer =>
            {
                bool offer = description.Type == DescriptionType.Offer;
                writer.WriteString("messageType"u8, offer ? Offer : Answer);
                SignalJson.Write(writer, offer ? "offer" : "answer", description);
            }),
            CandidateSignal { Candidate: { } candidate } => Members(writer =>
            {
                writer.WriteString("messageType"u8, Candidate);
                if (candidate.IsEnd)
                {
                    writer.WriteNull("candidate"u8);
                }
                else
                {
                    SignalJson.Write(writer, "candidate", candidate);
                }
            }),
            _ => null,
        };
        if (members is null)
        {
            return null;
        }

        members = Username is null ? members : JsonText.With(members, "username", Username);
        members = To is null ? members : JsonText.With(members, "to", To);
        return From == 0 ? Encoding.UTF8.GetBytes("{" + members + "}") : JsonText.Joined(members, "from", From);
    }

    /// <summary>Whether members that were written already are those of the chat.</summary>
    internal static bool IsChatText(string members)
    {
        using JsonDocument? document = StrictJson.ParseObject(Encoding.UTF8.GetBytes("{" + members + "}"));
        return document is not null && new MemberReader().Text(document.RootElement, "messageType") == Chat;
    }

    private static string Members(Action<Utf8JsonWriter> write) => Encoding.UTF8.GetString(JsonText.Object(write).AsSpan()[1..^1]);

    private static DescriptionSignal Description(MemberReader reader, JsonElement root, string name)
        => new(SignalJson.ReadDescription(reader, reader.NeedObject(root, name)));

    private static string? Address(MemberReader reader, JsonElement root)
        => MemberReader.TryGet(root, "to", out JsonElement to) && to.ValueKind == JsonValueKind.Number
            ? reader.Number(root, "to", 1)?.ToString(CultureInfo.InvariantCulture)
            : reader.Text(root, "to");
}
