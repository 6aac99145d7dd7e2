using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;

namespace Stack.Transport;

/// <summary>The response to one <see cref="DnsQuery"/>, read completely and within bounds.</summary>
/// <remarks>
/// Only the answer section is believed. The other sections are read for their form and for the extended response code:
/// addresses offered in the additional section are looked up instead. Times to live are ignored, since nothing is cached.
/// </remarks>
internal sealed class DnsResponse
{
    public const int NoError = 0;
    public const int NameError = 3;

    /// <summary>More usable records than this are not kept; nobody tries so many servers.</summary>
    public const int MaxRecords = 32;

    private const int MaxAliases = 8;
    private const int HeaderLength = 12;
    private const int MinQuestionLength = 5;
    private const int MinRecordLength = 11;
    private const int TypeCname = 5;

    private readonly DnsQuery _query;
    private readonly List<(string Owner, string Target)> _aliases = [];
    private readonly List<(string Owner, DnsRecord Record)> _candidates = [];

    private DnsResponse(DnsQuery query) => _query = query;

    /// <summary>The response code with its extension: <see cref="NoError"/>, <see cref="NameError"/> or an error of the server.</summary>
    public int ResponseCode { get; private set; }

    /// <summary>True where the server neither knows nor asks others, and answers with nothing.</summary>
    public bool IsReferral { get; private set; }

    /// <summary>The usable records of the type asked for, at the name asked for or where its aliases lead.</summary>
    public IReadOnlyList<DnsRecord> Records { get; private set; } = [];

    /// <summary>Reads a message; any bytes give a status.</summary>
    /// <param name="message">The message, without the length prefix of TCP.</param>
    /// <param name="query">The query to be answered.</param>
    /// <param name="response">The response; meaningful for <see cref="DnsDecodeStatus.Response"/> only.</param>
    public static DnsDecodeStatus Decode(ReadOnlySpan<byte> message, DnsQuery query, out DnsResponse response)
    {
        response = new DnsResponse(query);
        return response.Read(message);
    }

    private DnsDecodeStatus Read(ReadOnlySpan<byte> message)
    {
        if (message.Length < HeaderLength)
        {
            return DnsDecodeStatus.TooShort;
        }

        if (BinaryPrimitives.ReadUInt16BigEndian(message) != _query.Id)
        {
            return DnsDecodeStatus.OtherId;
        }

        int flags = BinaryPrimitives.ReadUInt16BigEndian(message[2..]);
        bool isResponse = (flags & 0x8000) != 0;
        int operation = flags & 0x7800;
        if (!isResponse || operation != 0)
        {
            return DnsDecodeStatus.NotAResponse;
        }

        int offset = HeaderLength;
        DnsDecodeStatus status = ReadQuestion(message, ref offset);
        if (status != DnsDecodeStatus.Response)
        {
            return status;
        }

        bool isTruncated = (flags & 0x0200) != 0;
        if (isTruncated)
        {
            return DnsDecodeStatus.Truncated;
        }

        int answers = BinaryPrimitives.ReadUInt16BigEndian(message[6..]);
        int authorities = BinaryPrimitives.ReadUInt16BigEndian(message[8..]);
        int additionals = BinaryPrimitives.ReadUInt16BigEndian(message[10..]);
        int total = answers + authorities + additionals;
        if (total * MinRecordLength > message.Length - offset)
        {
            return DnsDecodeStatus.BadCounts;
        }

        ResponseCode = flags & 0x000F;
        bool isAuthoritative = (flags & 0x0400) != 0;
        bool isRecursive = (flags & 0x0080) != 0;
        IsReferral = ResponseCode == NoError && answers == 0 && !isAuthoritative && !isRecursive;
        for (int i = 0; i < total && status == DnsDecodeStatus.Response; i++)
        {
            status = ReadRecord(message, ref offset, isAnswer: i < answers, isAdditional: i >= answers + authorities);
        }

        return status == DnsDecodeStatus.Response ? FollowAliases() : status;
    }

    private DnsDecodeStatus ReadQuestion(ReadOnlySpan<byte> message, ref int offset)
    {
        if (BinaryPrimitives.ReadUInt16BigEndian(message[4..]) != 1)
        {
            return DnsDecodeStatus.OtherQuestion;
        }

        if (message.Length - offset < MinQuestionLength)
        {
            return DnsDecodeStatus.TooShort;
        }

        Span<byte> text = stackalloc byte[DnsName.MaxTextLength];
        if (DnsName.Read(message, ref offset, text, out int length) != DnsNameStatus.HostName)
        {
            return DnsDecodeStatus.OtherQuestion;
        }

        if (message.Length - offset < 4)
        {
            return DnsDecodeStatus.TooShort;
        }

        int type = BinaryPrimitives.ReadUInt16BigEndian(message[offset..]);
        int recordClass = BinaryPrimitives.ReadUInt16BigEndian(message[(offset + 2)..]);
        offset += 4;
        bool same = type == (int)_query.Type
            && recordClass == DnsQuery.ClassInternet
            && (_query.IsExactCase ? Ascii.Equals(text[..length], _query.Name) : Ascii.EqualsIgnoreCase(text[..length], _query.Name));
        return same ? DnsDecodeStatus.Response : DnsDecodeStatus.OtherQuestion;
    }

    private DnsDecodeStatus ReadRecord(ReadOnlySpan<byte> message, ref int offset, bool isAnswer, bool isAdditional)
    {
        Span<byte> owner = stackalloc byte[DnsName.MaxTextLength];
        DnsNameStatus ownerStatus = DnsName.Read(message, ref offset, owner, out int ownerLength);
        if (ownerStatus == DnsNameStatus.Malformed)
        {
            return DnsDecodeStatus.BadName;
        }

        if (message.Length - offset < MinRecordLength - 1)
        {
            return DnsDecodeStatus.BadRecord;
        }

        ReadOnlySpan<byte> head = message.Slice(offset, MinRecordLength - 1);
        int type = BinaryPrimitives.ReadUInt16BigEndian(head);
        int recordClass = BinaryPrimitives.ReadUInt16BigEndian(head[2..]);
        int length = BinaryPrimitives.ReadUInt16BigEndian(head[8..]);
        offset += head.Length;
        if (length > message.Length - offset)
        {
            return DnsDecodeStatus.BadRecord;
        }

        int start = offset;
        offset += length;
        if (isAdditional && type == DnsQuery.TypeOpt)
        {
            ResponseCode |= head[4] << 4;
            return DnsDecodeStatus.Response;
        }

        if (!isAnswer || recordClass != DnsQuery.ClassInternet || (type != TypeCname && type != (int)_query.Type))
        {
            return DnsDecodeStatus.Response;
        }

        DnsDecodeStatus status = DnsRecordContent.Read(message, start, length, type, out DnsRecord? record, out string? alias);
        if (status != DnsDecodeStatus.Response || ownerStatus != DnsNameStatus.HostName)
        {
            return status;
        }

        Keep(owner[..ownerLength], record, alias);
        return DnsDecodeStatus.Response;
    }

    private void Keep(ReadOnlySpan<byte> owner, DnsRecord? record, string? alias)
    {
        if (alias is not null && _aliases.Count <= MaxAliases)
        {
            _aliases.Add((Encoding.ASCII.GetString(owner), alias));
        }

        if (record is not null && _candidates.Count < MaxRecords)
        {
            _candidates.Add((Encoding.ASCII.GetString(owner), record));
        }
    }

    private DnsDecodeStatus FollowAliases()
    {
        string name = _query.Name;
        for (int followed = 0; _aliases.Find(alias => IsSame(alias.Owner, name)).Target is { } target; followed++)
        {
            if (followed == MaxAliases)
            {
                return DnsDecodeStatus.AliasLoop;
            }

            name = target;
        }

        List<DnsRecord> records = [];
        foreach ((string owner, DnsRecord record) in _candidates)
        {
            if (IsSame(owner, name))
            {
                records.Add(record);
            }
        }

        Records = records;
        return DnsDecodeStatus.Response;
    }

    private static bool IsSame(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
