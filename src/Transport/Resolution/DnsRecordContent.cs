using System;
using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Stack.Transport;

/// <summary>Reads the content (RDATA) of one record.</summary>
internal static class DnsRecordContent
{
    private const int TypeCname = 5;

    private static readonly SearchValues<byte> ServiceOctets =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.:_"u8);

    /// <summary>Reads a record's content; a well-formed one that is of no use gives neither a record nor an alias.</summary>
    public static DnsDecodeStatus Read(ReadOnlySpan<byte> message, int start, int length, int type, out DnsRecord? record, out string? alias)
    {
        record = null;
        alias = null;
        ReadOnlySpan<byte> content = message.Slice(start, length);
        switch (type)
        {
            case TypeCname:
                DnsDecodeStatus status = ReadName(message, start, start + length, out alias);
                alias = alias is { Length: > 0 } ? alias : null;
                return status;
            case (int)DnsRecordType.A:
                return ReadAddress(content, 4, out record);
            case (int)DnsRecordType.Aaaa:
                return ReadAddress(content, 16, out record);
            case (int)DnsRecordType.Srv:
                return ReadService(message, start, content, out record);
            case (int)DnsRecordType.Naptr:
                return ReadNaming(message, start, content, out record);
            default:
                return DnsDecodeStatus.Response;
        }
    }

    private static DnsDecodeStatus ReadAddress(ReadOnlySpan<byte> content, int length, out DnsRecord? record)
    {
        bool isAddress = content.Length == length;
        record = isAddress ? new DnsAddressRecord(new IPAddress(content)) : null;
        return isAddress ? DnsDecodeStatus.Response : DnsDecodeStatus.BadRecord;
    }

    private static DnsDecodeStatus ReadService(ReadOnlySpan<byte> message, int start, ReadOnlySpan<byte> content, out DnsRecord? record)
    {
        record = null;
        if (content.Length < 7)
        {
            return DnsDecodeStatus.BadRecord;
        }

        DnsDecodeStatus status = ReadName(message, start + 6, start + content.Length, out string? target);
        if (target is not null)
        {
            record = new DnsServiceRecord(
                BinaryPrimitives.ReadUInt16BigEndian(content),
                BinaryPrimitives.ReadUInt16BigEndian(content[2..]),
                BinaryPrimitives.ReadUInt16BigEndian(content[4..]),
                target);
        }

        return status;
    }

    private static DnsDecodeStatus ReadNaming(ReadOnlySpan<byte> message, int start, ReadOnlySpan<byte> content, out DnsRecord? record)
    {
        record = null;
        if (content.Length < 8)
        {
            return DnsDecodeStatus.BadRecord;
        }

        ReadOnlySpan<byte> rest = content[4..];
        if (!TryReadText(ref rest, out ReadOnlySpan<byte> flags)
            || !TryReadText(ref rest, out ReadOnlySpan<byte> services)
            || !TryReadText(ref rest, out ReadOnlySpan<byte> expression)
            || rest.IsEmpty)
        {
            return DnsDecodeStatus.BadRecord;
        }

        int end = start + content.Length;
        DnsDecodeStatus status = ReadName(message, end - rest.Length, end, out string? replacement);
        bool isFlagKnown = flags.IsEmpty || (flags.Length == 1 && flags[0] is (byte)'s' or (byte)'S' or (byte)'a' or (byte)'A');
        if (replacement is { Length: > 0 } && isFlagKnown && expression.IsEmpty && !services.ContainsAnyExcept(ServiceOctets))
        {
            record = new DnsNamingRecord(
                BinaryPrimitives.ReadUInt16BigEndian(content),
                BinaryPrimitives.ReadUInt16BigEndian(content[2..]),
                Encoding.ASCII.GetString(flags),
                Encoding.ASCII.GetString(services),
                replacement);
        }

        return status;
    }

    // A character-string of RFC 1035 section 3.3: one octet of length, then the octets.
    private static bool TryReadText(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> text)
    {
        text = default;
        if (rest.IsEmpty || rest[0] >= rest.Length)
        {
            return false;
        }

        text = rest.Slice(1, rest[0]);
        rest = rest[(1 + text.Length)..];
        return true;
    }

    private static DnsDecodeStatus ReadName(ReadOnlySpan<byte> message, int start, int end, out string? name)
    {
        name = null;
        Span<byte> text = stackalloc byte[DnsName.MaxTextLength];
        int offset = start;
        DnsNameStatus status = DnsName.Read(message, ref offset, text, out int length);
        if (status == DnsNameStatus.Malformed)
        {
            return DnsDecodeStatus.BadName;
        }

        if (offset != end)
        {
            return DnsDecodeStatus.BadRecord;
        }

        name = status == DnsNameStatus.HostName ? Encoding.ASCII.GetString(text[..length]) : null;
        return DnsDecodeStatus.Response;
    }
}
