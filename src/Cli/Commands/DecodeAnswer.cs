using System;
using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using Stack.Stun;

namespace Stack.Cli;

/// <summary>What <c>decode</c> has to say about the bytes.</summary>
internal sealed class DecodeAnswer
{
    private const int ChannelHeader = 4;

    private readonly byte[] _bytes;
    private readonly AnnotatedMessage? _message;

    private DecodeAnswer(byte[] bytes, AnnotatedMessage? message, string status, string integrity)
    {
        _bytes = bytes;
        _message = message;
        Status = status;
        Integrity = integrity;
    }

    public string Status { get; }

    /// <summary>absent, unchecked, valid or invalid.</summary>
    public string Integrity { get; }

    public string Fingerprint => _message?.Fingerprint switch { true => "valid", false => "invalid", null => "absent" };

    /// <summary>Why the answer is negative; null where it is not.</summary>
    public Failure? Failure => this switch
    {
        { Status: not "ok" } => Negative("malformed", $"The message is malformed: {Status}.", Explain(Status)),
        { Fingerprint: "invalid" } => Negative("fingerprint", "FINGERPRINT is wrong.", "The message was changed or cut, or is not STUN."),
        { Integrity: "invalid" } => Negative(
            "integrity",
            "The integrity attribute does not match the key.",
            "Check password, user name and realm; long-term keys need all three."),
        _ => null,
    };

    private bool IsChannelData => _message is null;

    private int ChannelLength => BinaryPrimitives.ReadUInt16BigEndian(_bytes.AsSpan(2));

    private ReadOnlySpan<byte> ChannelPayload
        => _bytes.Length < ChannelHeader ? default : _bytes.AsSpan(ChannelHeader, Math.Min(ChannelLength, _bytes.Length - ChannelHeader));

    public static DecodeAnswer Create(byte[] bytes, IntegrityCheck check)
    {
        if (StunDemultiplexer.Classify(bytes) == StunPacketKind.ChannelData)
        {
            return new DecodeAnswer(bytes, null, GetChannelStatus(bytes), "absent");
        }

        AnnotatedMessage annotated = AnnotatedMessage.Read(bytes);
        string integrity = "absent";
        if (annotated.Status == StunDecodeStatus.Ok)
        {
            StunMessage.Decode(bytes, StunDialect.AcceptClassic, out StunMessage message);
            integrity = check.Check(message);
        }

        return new DecodeAnswer(bytes, annotated, Kebab.From(annotated.Status.ToString()), integrity);
    }

    public void WriteTo(Terminal terminal, bool showHex)
    {
        if (IsChannelData)
        {
            terminal.Headline("ChannelData");
            terminal.Fact("status", Status);
            if (_bytes.Length >= ChannelHeader)
            {
                terminal.Fact("channel", $"0x{BinaryPrimitives.ReadUInt16BigEndian(_bytes):x4}");
                terminal.Fact("length", ChannelLength.ToString(CultureInfo.InvariantCulture));
                terminal.Fact("data", Convert.ToHexStringLower(ChannelPayload));
            }

            return;
        }

        if (!_message!.HasHeader)
        {
            terminal.Fact("status", Status);
            return;
        }

        terminal.Headline(_message.Type.ToString());
        terminal.Fact("status", Status);
        terminal.Fact("length", string.Create(CultureInfo.InvariantCulture, $"{_message.Length} and a header of 20; {_bytes.Length} bytes are there"));
        terminal.Fact("transaction", _message.TransactionId);
        terminal.Fact("cookie", _message.IsClassic ? "none: a classic message (RFC 3489)" : "0x2112a442");
        foreach (AnnotatedAttribute attribute in _message.Attributes)
        {
            WriteAttribute(terminal, attribute, showHex);
        }

        terminal.Fact("fingerprint", Fingerprint);
        terminal.Fact("integrity", Integrity == "unchecked" ? "unchecked: needs --password-file or --key" : Integrity);
    }

    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteString("status", Status);
        json.WriteString("kind", IsChannelData ? "channel-data" : "stun");
        json.WriteNumber("bytes", _bytes.Length);
        if (IsChannelData)
        {
            WriteChannel(json);
        }
        else
        {
            WriteMessage(json, _message!);
        }

        json.WriteString("fingerprint", Fingerprint);
        json.WriteString("integrity", Integrity);
        if (Failure is { } failure)
        {
            json.WriteFailure(failure);
        }
    }

    private static void WriteMessage(Utf8JsonWriter json, AnnotatedMessage message)
    {
        json.WriteText("class", message.HasHeader ? message.Type.Class.GetName().Replace(' ', '-') : null);
        json.WriteText("method", message.HasHeader ? message.Type.Method.GetName() : null);
        json.WriteText("transactionId", message.HasHeader ? message.TransactionId : null);
        json.WriteFlag("classic", message.HasHeader ? message.IsClassic : null);
        json.WriteStartArray("attributes");
        foreach (AnnotatedAttribute attribute in message.Attributes)
        {
            json.WriteStartObject();
            json.WriteString("type", attribute.TypeText);
            json.WriteString("name", attribute.Name);
            json.WriteNumber("offset", attribute.Offset);
            json.WriteNumber("length", attribute.Length);
            json.WriteForeign("value", attribute.Value);
            json.WriteString("hex", attribute.Hex);
            json.WriteString("padding", attribute.Padding);
            json.WriteText("note", attribute.Note);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WriteChannel(Utf8JsonWriter json)
    {
        bool whole = _bytes.Length >= ChannelHeader;
        json.WriteText("class", null);
        json.WriteText("method", null);
        json.WriteText("transactionId", null);
        json.WriteText("channel", whole ? $"0x{BinaryPrimitives.ReadUInt16BigEndian(_bytes):x4}" : null);
        json.WriteNumber("length", whole ? ChannelLength : 0);
        json.WriteString("data", Convert.ToHexStringLower(ChannelPayload));
        json.WriteStartArray("attributes");
        json.WriteEndArray();
    }

    private static void WriteAttribute(Terminal terminal, AnnotatedAttribute attribute, bool showHex)
    {
        string note = attribute.Note is null ? "" : $" [{attribute.Note}]";
        string padding = attribute.Padding.Length == 0 ? "" : $" (padding {attribute.Padding})";
        terminal.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"  at {attribute.Offset}: {attribute.TypeText} {attribute.Name}, {attribute.Length} bytes: {SafeText.Shorten(attribute.Value)}{padding}{note}"));
        if (showHex && attribute.Hex != attribute.Value && attribute.Hex.Length != 0)
        {
            terminal.Line("      " + attribute.Hex);
        }
    }

    // RFC 8656 section 12.4: over UDP padding is optional, over TCP it is there; both end at the next multiple of four at the latest.
    private static string GetChannelStatus(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < ChannelHeader)
        {
            return "too-short";
        }

        int end = ChannelHeader + BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        return bytes.Length < end ? "truncated" : bytes.Length > ((end + 3) & ~3) ? "trailing-bytes" : "ok";
    }

    private static Failure Negative(string reason, string message, string hint) => new(ExitCode.Negative, "negative", message, hint, reason);

    private static string Explain(string status) => status switch
    {
        "too-short" => "A STUN message has 20 bytes at least; is it all there?",
        "not-stun" => "The first two bits are not zero: another protocol, or headers of IP and UDP stand before it.",
        "truncated" => "The header promises more bytes than there are.",
        "trailing-bytes" => "There is more than the header promises: a second message, or padding?",
        _ => "See RFC 8489 sections 5 and 14.",
    };
}
