using System;
using System.Text;
using System.Text.Json;

namespace Stack.Signaling;

/// <summary>A message of PeerJS, in either direction.</summary>
/// <param name="Type">One of the constants, or something newer.</param>
/// <param name="Source">Whom it is from; null in what a peer sends, and in what is the server's own.</param>
/// <param name="Destination">Whom it is for; null for the server's own and for the server.</param>
/// <param name="Signal">What OFFER, ANSWER and CANDIDATE say; a <see cref="VerbatimSignal"/> where their payload is something else, and for LEAVE.</param>
/// <param name="ConnectionId">Which of the connections between the two it belongs to; null where it was not told.</param>
/// <param name="ConnectionType"><c>data</c> or <c>media</c>; null where it was not told.</param>
public sealed record PeerJsMessage(
    string Type,
    string? Source = null,
    string? Destination = null,
    PeerSignal? Signal = null,
    string? ConnectionId = null,
    string? ConnectionType = null)
{
    /// <summary>The server took the peer in.</summary>
    public const string Open = "OPEN";

    /// <summary>Somebody has that id.</summary>
    public const string IdTaken = "ID-TAKEN";

    /// <summary>The server does not do something.</summary>
    public const string Error = "ERROR";

    /// <summary>The peer that is the source has not come.</summary>
    public const string Expire = "EXPIRE";

    /// <summary>The source is gone.</summary>
    public const string Leave = "LEAVE";

    /// <summary>The peer lives.</summary>
    public const string Heartbeat = "HEARTBEAT";

    /// <summary>An offer.</summary>
    public const string Offer = "OFFER";

    /// <summary>An answer.</summary>
    public const string Answer = "ANSWER";

    /// <summary>A candidate.</summary>
    public const string Candidate = "CANDIDATE";

    /// <summary>The text of ERROR and ID-TAKEN; null for others.</summary>
    public string? Text { get; init; }

    /// <summary>Reads a message. Never throws on what it reads; the size is the caller's to bound.</summary>
    /// <param name="utf8">The message in UTF-8.</param>
    /// <param name="message">The message; null unless the status is <see cref="MessageStatus.Ok"/>.</param>
    public static MessageStatus Parse(ReadOnlySpan<byte> utf8, out PeerJsMessage? message)
    {
        message = null;
        using JsonDocument? document = StrictJson.ParseObject(utf8);
        if (document is null)
        {
            return MessageStatus.Malformed;
        }

        JsonElement root = document.RootElement;
        var reader = new MemberReader();
        string type = reader.NeedText(root, "type");
        string? source = reader.Text(root, "src");
        string? destination = reader.Text(root, "dst");
        if (!reader.Ok)
        {
            return MessageStatus.Malformed;
        }

        // What a payload is concerns the two peers; it is understood where it can be.
        var inner = new MemberReader();
        MemberReader.TryGet(root, "payload", out JsonElement payload);
        string? text = inner.Text(payload, "msg");
        string? connectionId = inner.Text(payload, "connectionId");
        string? connectionType = inner.Text(payload, "type");
        PeerSignal? signal = type switch
        {
            Offer or Answer when MemberReader.TryGet(payload, "sdp", out JsonElement sdp) => new DescriptionSignal(SignalJson.ReadDescription(inner, sdp)),
            Candidate when MemberReader.TryGet(payload, "candidate", out JsonElement candidate) => new CandidateSignal(SignalJson.ReadCandidate(inner, candidate)),
            Offer or Answer or Candidate or Leave => new VerbatimSignal(),
            _ => null,
        };
        if (!inner.Ok && signal is not null)
        {
            (signal, connectionId, connectionType) = (new VerbatimSignal(), null, null);
        }

        if (signal is not null)
        {
            signal = signal with { Original = new DialectMembers(SignalingDialect.PeerJs, JsonText.Members(root, "src")) };
        }

        message = new PeerJsMessage(type, source, destination, signal, connectionId, connectionType) { Text = text };
        return MessageStatus.Ok;
    }

    /// <summary>The message in UTF-8; null for what this dialect has no words for.</summary>
    public byte[]? ToUtf8()
    {
        if (Signal is null)
        {
            return JsonText.Object(writer =>
            {
                writer.WriteString("type"u8, Type);
                JsonText.WriteOptional(writer, "src", Source);
                JsonText.WriteOptional(writer, "dst", Destination);
                if (Text is not null)
                {
                    writer.WriteStartObject("payload"u8);
                    writer.WriteString("msg"u8, Text);
                    writer.WriteEndObject();
                }
            });
        }

        if (Signal.Original is { Dialect: SignalingDialect.PeerJs } original)
        {
            return Source is null ? Encoding.UTF8.GetBytes("{" + original.Json + "}") : JsonText.Joined(original.Json, "src", Source, first: false);
        }

        if (Signal is VerbatimSignal or DescriptionSignal { Description.Type: DescriptionType.Rollback })
        {
            return null;
        }

        return JsonText.Object(writer =>
        {
            writer.WriteString("type"u8, TypeOf(Signal));
            JsonText.WriteOptional(writer, "src", Source);
            JsonText.WriteOptional(writer, "dst", Destination);
            writer.WriteStartObject("payload"u8);
            WritePayload(writer, Signal);
            writer.WriteEndObject();
        });
    }

    /// <summary>The type that goes with what is said.</summary>
    internal static string TypeOf(PeerSignal signal) => signal switch
    {
        CandidateSignal => Candidate,
        DescriptionSignal { Description.Type: DescriptionType.Offer } => Offer,
        _ => Answer,
    };

    private void WritePayload(Utf8JsonWriter writer, PeerSignal signal)
    {
        if (signal is CandidateSignal said)
        {
            SignalJson.Write(writer, "candidate", said.Candidate);
        }
        else if (signal is DescriptionSignal described)
        {
            SignalJson.Write(writer, "sdp", described.Description);
        }

        writer.WriteString("type"u8, ConnectionType ?? "data");
        JsonText.WriteOptional(writer, "connectionId", ConnectionId);
        if (signal is DescriptionSignal { Description.Type: DescriptionType.Offer })
        {
            // Peers of other dialects know nothing of PeerJS's packing: messages are what they are.
            JsonText.WriteOptional(writer, "label", ConnectionId);
            writer.WriteBoolean("reliable"u8, true);
            writer.WriteString("serialization"u8, "raw"u8);
        }
    }
}
