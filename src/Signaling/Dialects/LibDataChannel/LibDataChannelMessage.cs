using System;
using System.Text.Json;

namespace Stack.Signaling;

/// <summary>A message of libdatachannel's and node-datachannel's examples, in either direction.</summary>
/// <param name="Id">Whom it is for in what a peer sends, whom it is from in what the server sends.</param>
/// <param name="Signal">What is said. A <see cref="VerbatimSignal"/> where it is neither a description nor a candidate.</param>
public sealed record LibDataChannelMessage(string Id, PeerSignal Signal)
{
    /// <summary>Reads a message. Never throws on what it reads; the size is the caller's to bound.</summary>
    /// <param name="utf8">The message in UTF-8.</param>
    /// <param name="message">The message; null unless the status is <see cref="MessageStatus.Ok"/>.</param>
    public static MessageStatus Parse(ReadOnlySpan<byte> utf8, out LibDataChannelMessage? message)
    {
        message = null;
        using JsonDocument? document = StrictJson.ParseObject(utf8);
        if (document is null)
        {
            return MessageStatus.Malformed;
        }

        JsonElement root = document.RootElement;
        var reader = new MemberReader();
        string id = reader.NeedText(root, "id");
        PeerSignal signal = reader.Text(root, "type") switch
        {
            "candidate" => new CandidateSignal(new PeerCandidate(SignalJson.Line(reader.NeedText(root, "candidate")), reader.Text(root, "mid"))),
            { } type when Words.TryDescriptionType(type, out _) => new DescriptionSignal(SignalJson.ReadDescription(reader, root, "description")),
            _ => new VerbatimSignal(),
        };
        if (!reader.Ok)
        {
            return MessageStatus.Malformed;
        }

        message = new LibDataChannelMessage(
            id, signal with { Original = new DialectMembers(SignalingDialect.LibDataChannel, JsonText.Members(root, "id")) });
        return MessageStatus.Ok;
    }

    /// <summary>
    /// The message in UTF-8; null for what this dialect has no words for: the end of candidates, and what was said verbatim in another one.
    /// </summary>
    public byte[]? ToUtf8() => Signal switch
    {
        { Original: { Dialect: SignalingDialect.LibDataChannel } original } => JsonText.Joined(original.Json, "id", Id, first: true),
        DescriptionSignal { Description: { } description } => JsonText.Object(writer =>
        {
            writer.WriteString("id"u8, Id);
            writer.WriteString("type"u8, Words.Of(description.Type));
            writer.WriteString("description"u8, description.Sdp);
        }),

        // With "a=", as the library writes it itself; all of its clients take it.
        CandidateSignal { Candidate: { IsEnd: false } candidate } => JsonText.Object(writer =>
        {
            writer.WriteString("id"u8, Id);
            writer.WriteString("type"u8, "candidate"u8);
            writer.WriteString("candidate"u8, "a=" + candidate.Line);
            writer.WriteString("mid"u8, SignalJson.MidOf(candidate));
        }),
        _ => null,
    };
}
