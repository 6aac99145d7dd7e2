using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Globalization;
using Stack.Stun;

namespace Stack.Cli;

/// <summary>
/// A message taken apart for people: unlike <see cref="StunMessage"/> it shows what a receiver must not look at, and of a malformed message
/// what there is of it.
/// </summary>
internal sealed class AnnotatedMessage
{
    private const int ShownValue = 160;

    private AnnotatedMessage(StunDecodeStatus status) => Status = status;

    public StunDecodeStatus Status { get; }

    public bool HasHeader { get; private set; }

    public bool IsClassic { get; private set; }

    public StunMessageType Type { get; private set; }

    /// <summary>The length that the header gives.</summary>
    public int Length { get; private set; }

    /// <summary>12 bytes, of a classic message 16, in hexadecimal digits.</summary>
    public string TransactionId { get; private set; } = "";

    public List<AnnotatedAttribute> Attributes { get; } = [];

    /// <summary>Whether FINGERPRINT is right; null without one, and in malformed messages.</summary>
    public bool? Fingerprint { get; private set; }

    public static AnnotatedMessage Read(ReadOnlySpan<byte> bytes)
    {
        StunDecodeStatus status = StunMessage.Decode(bytes, StunDialect.AcceptClassic, out StunMessage message);
        var annotated = new AnnotatedMessage(status);
        if (bytes.Length < StunMessage.HeaderSize || status == StunDecodeStatus.NotStun)
        {
            return annotated;
        }

        annotated.HasHeader = true;
        annotated.IsClassic = BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]) != StunMessage.MagicCookie;
        annotated.Type = StunMessageType.FromValue(BinaryPrimitives.ReadUInt16BigEndian(bytes));
        annotated.Length = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        annotated.TransactionId = Convert.ToHexStringLower(bytes[(annotated.IsClassic ? 4 : 8)..20]);
        annotated.ReadAttributes(bytes);
        if (status == StunDecodeStatus.Ok && message.HasFingerprint)
        {
            annotated.Fingerprint = Stun.Fingerprint.Verify(message);
        }

        return annotated;
    }

    /// <summary>One line for the header and one for each attribute. Not escaped.</summary>
    public IEnumerable<string> ToLines()
    {
        if (!HasHeader)
        {
            yield return $"not a STUN message: {Kebab.From(Status.ToString())}";
            yield break;
        }

        string dialect = IsClassic ? " (classic, no magic cookie)" : "";
        yield return $"{Type}, length {Length.ToString(CultureInfo.InvariantCulture)}, transaction {TransactionId}{dialect}";
        foreach (AnnotatedAttribute attribute in Attributes)
        {
            yield return ToLine(attribute);
        }

        if (Status != StunDecodeStatus.Ok)
        {
            yield return $"malformed: {Kebab.From(Status.ToString())}";
        }
    }

    private static string ToLine(AnnotatedAttribute attribute)
    {
        string value = attribute.Value.Length > ShownValue ? attribute.Value[..ShownValue] + "..." : attribute.Value;
        string padding = attribute.Padding.Length == 0 ? "" : $" (padding {attribute.Padding})";
        string note = attribute.Note is null ? "" : $" [{attribute.Note}]";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{attribute.Offset,5}  {attribute.TypeText} {attribute.Name}, {attribute.Length}: {value}{padding}{note}");
    }

    private void ReadAttributes(ReadOnlySpan<byte> bytes)
    {
        bool integrity = false;
        bool integritySha256 = false;
        int end = Math.Min(bytes.Length, StunMessage.HeaderSize + Length);
        for (int at = StunMessage.HeaderSize; at + 4 <= end && Attributes.Count <= StunMessage.MaxAttributes;)
        {
            var type = (StunAttributeType)BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);
            int length = BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]);
            int there = Math.Min(length, end - at - 4);
            int next = at + 4 + ((length + 3) & ~3);
            bool hidden = type switch
            {
                StunAttributeType.Fingerprint => false,
                StunAttributeType.MessageIntegritySha256 => integritySha256,
                _ => integrity || integritySha256,
            };
            Add(type, at, length, bytes.Slice(at + 4, there), Slice(bytes, at + 4 + length, Math.Min(next, end)), bytes.Slice(4, 16), hidden);
            integrity |= type == StunAttributeType.MessageIntegrity;
            integritySha256 |= type == StunAttributeType.MessageIntegritySha256;
            at = next;
        }
    }

    private void Add(
        StunAttributeType type,
        int offset,
        int length,
        ReadOnlySpan<byte> value,
        ReadOnlySpan<byte> padding,
        ReadOnlySpan<byte> cookieAndId,
        bool hidden)
    {
        string hex = Convert.ToHexStringLower(value);
        bool whole = value.Length == length;
        string? text = whole ? AttributeText.Describe(type, value, cookieAndId) : null;
        string? note = !whole ? "cut short" : text is null ? "malformed value" : hidden ? "behind the integrity attribute, ignored" : null;
        Attributes.Add(new AnnotatedAttribute(type, offset, length, text ?? hex, hex, Convert.ToHexStringLower(padding), note));
    }

    private static ReadOnlySpan<byte> Slice(ReadOnlySpan<byte> bytes, int start, int end) => start < end ? bytes[start..end] : default;
}
