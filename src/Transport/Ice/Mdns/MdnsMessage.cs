using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>A multicast DNS message as far as addresses of hosts go (RFC 6762 section 18); everything else in it is passed over.</summary>
internal sealed class MdnsMessage
{
    /// <summary>The largest message that is read or written; an Ethernet frame holds it (RFC 6762 section 17).</summary>
    public const int MaxSize = 1440;

    public const int TypeAny = 255;

    /// <summary>The lifetime of host names (RFC 6762 section 10).</summary>
    public const int LifetimeSeconds = 120;

    /// <summary>The most that a resolver without multicast may keep an answer for (RFC 6762 section 6.7).</summary>
    public const int LegacyLifetimeSeconds = 10;

    private const int HeaderSize = 12;
    private const int MaxEntries = 32;
    private const int Authoritative = 0x8400;
    private const int TopBit = 0x8000;

    private readonly List<MdnsQuestion> _questions = [];
    private readonly List<MdnsAddress> _addresses = [];

    private MdnsMessage(int id, bool isResponse)
    {
        Id = id;
        IsResponse = isResponse;
    }

    /// <summary>0 but where a resolver without multicast asks.</summary>
    public int Id { get; }

    public bool IsResponse { get; }

    public IReadOnlyList<MdnsQuestion> Questions => _questions;

    /// <summary>The address records of all sections of a response.</summary>
    public IReadOnlyList<MdnsAddress> Addresses => _addresses;

    /// <summary>Reads a message; any bytes give one or null.</summary>
    public static MdnsMessage? Decode(ReadOnlySpan<byte> message)
    {
        if (message.Length is < HeaderSize or > MaxSize)
        {
            return null;
        }

        int flags = BinaryPrimitives.ReadUInt16BigEndian(message[2..]);
        int operationAndCode = flags & 0x780F;
        if (operationAndCode != 0)
        {
            // RFC 6762 sections 18.3 and 18.11: other operations and codes are ignored.
            return null;
        }

        var decoded = new MdnsMessage(BinaryPrimitives.ReadUInt16BigEndian(message), (flags & TopBit) != 0);
        return decoded.Read(message) ? decoded : null;
    }

    /// <summary>Writes a query for both kinds of addresses of a name.</summary>
    /// <returns>How many bytes were written.</returns>
    public static int WriteQuery(Span<byte> destination, string name, bool wantsUnicast)
    {
        WriteHeader(destination, id: 0, flags: 0, questions: 2, answers: 0);
        int length = HeaderSize;
        length += WriteQuestion(destination[length..], name, (int)DnsRecordType.A, wantsUnicast);
        length += WriteQuestion(destination[length..], name, (int)DnsRecordType.Aaaa, wantsUnicast);
        return length;
    }

    /// <summary>Writes an answer with one address.</summary>
    /// <param name="destination">Takes it.</param>
    /// <param name="answer">The name and its address.</param>
    /// <param name="legacy">The query of a resolver without multicast, which wants its id and question back; null otherwise.</param>
    /// <returns>How many bytes were written.</returns>
    public static int WriteResponse(Span<byte> destination, in MdnsAddress answer, (int Id, MdnsQuestion Question)? legacy)
    {
        WriteHeader(destination, legacy?.Id ?? 0, Authoritative, legacy is null ? 0 : 1, answers: 1);
        int length = HeaderSize;
        if (legacy is { } asked)
        {
            length += WriteQuestion(destination[length..], asked.Question.Name, asked.Question.Type, wantsUnicast: false);
        }

        bool isIPv4 = answer.Address.Family == StunAddressFamily.IPv4;
        length += DnsName.Write(answer.Name, destination[length..]);
        Span<byte> rest = destination[length..];
        BinaryPrimitives.WriteUInt16BigEndian(rest, (ushort)(isIPv4 ? DnsRecordType.A : DnsRecordType.Aaaa));

        // The name is nobody else's: what is known of it is to be forgotten (RFC 6762 section 10.2).
        BinaryPrimitives.WriteUInt16BigEndian(rest[2..], (ushort)(DnsQuery.ClassInternet | (legacy is null ? TopBit : 0)));
        BinaryPrimitives.WriteUInt32BigEndian(rest[4..], (uint)(legacy is null ? LifetimeSeconds : LegacyLifetimeSeconds));
        BinaryPrimitives.WriteUInt16BigEndian(rest[8..], (ushort)(isIPv4 ? 4 : 16));
        if (isIPv4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(rest[10..], (uint)answer.Address.Bits);
            return length + 14;
        }

        BinaryPrimitives.WriteUInt128BigEndian(rest[10..], answer.Address.Bits);
        return length + 26;
    }

    private static void WriteHeader(Span<byte> destination, int id, int flags, int questions, int answers)
    {
        destination[..HeaderSize].Clear();
        BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)id);
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)flags);
        BinaryPrimitives.WriteUInt16BigEndian(destination[4..], (ushort)questions);
        BinaryPrimitives.WriteUInt16BigEndian(destination[6..], (ushort)answers);
    }

    private static int WriteQuestion(Span<byte> destination, string name, int type, bool wantsUnicast)
    {
        int length = DnsName.Write(name, destination);
        BinaryPrimitives.WriteUInt16BigEndian(destination[length..], (ushort)type);
        BinaryPrimitives.WriteUInt16BigEndian(destination[(length + 2)..], (ushort)(DnsQuery.ClassInternet | (wantsUnicast ? TopBit : 0)));
        return length + 4;
    }

    private bool Read(ReadOnlySpan<byte> message)
    {
        int questions = BinaryPrimitives.ReadUInt16BigEndian(message[4..]);
        int records = BinaryPrimitives.ReadUInt16BigEndian(message[6..])
            + BinaryPrimitives.ReadUInt16BigEndian(message[8..])
            + BinaryPrimitives.ReadUInt16BigEndian(message[10..]);
        int offset = HeaderSize;
        Span<byte> text = stackalloc byte[DnsName.MaxTextLength];
        for (int i = 0; i < questions; i++)
        {
            DnsNameStatus status = DnsName.Read(message, ref offset, text, out int length);
            if (status == DnsNameStatus.Malformed || message.Length - offset < 4)
            {
                return false;
            }

            int type = BinaryPrimitives.ReadUInt16BigEndian(message[offset..]);
            int recordClass = BinaryPrimitives.ReadUInt16BigEndian(message[(offset + 2)..]);
            offset += 4;
            if (status == DnsNameStatus.HostName && (recordClass & ~TopBit) is DnsQuery.ClassInternet or TypeAny && _questions.Count < MaxEntries)
            {
                _questions.Add(new MdnsQuestion(Encoding.ASCII.GetString(text[..length]), type, (recordClass & TopBit) != 0));
            }
        }

        for (int i = 0; i < records; i++)
        {
            if (!ReadRecord(message, ref offset, text))
            {
                return false;
            }
        }

        return true;
    }

    private bool ReadRecord(ReadOnlySpan<byte> message, ref int offset, Span<byte> text)
    {
        DnsNameStatus status = DnsName.Read(message, ref offset, text, out int nameLength);
        if (status == DnsNameStatus.Malformed || message.Length - offset < 10)
        {
            return false;
        }

        ReadOnlySpan<byte> head = message.Slice(offset, 10);
        int length = BinaryPrimitives.ReadUInt16BigEndian(head[8..]);
        offset += head.Length;
        if (length > message.Length - offset)
        {
            return false;
        }

        ReadOnlySpan<byte> content = message.Slice(offset, length);
        offset += length;
        int type = BinaryPrimitives.ReadUInt16BigEndian(head);
        bool isInternet = (BinaryPrimitives.ReadUInt16BigEndian(head[2..]) & ~TopBit) == DnsQuery.ClassInternet;
        bool isGoodbye = BinaryPrimitives.ReadUInt32BigEndian(head[4..]) == 0;
        TransportAddress address = (type, length) switch
        {
            ((int)DnsRecordType.A, 4) => TransportAddress.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(content), 0),
            ((int)DnsRecordType.Aaaa, 16) => TransportAddress.FromIPv6(BinaryPrimitives.ReadUInt128BigEndian(content), 0),
            _ => default,
        };
        if (status == DnsNameStatus.HostName && isInternet && !isGoodbye && !address.IsNone && _addresses.Count < MaxEntries)
        {
            _addresses.Add(new MdnsAddress(Encoding.ASCII.GetString(text[..nameLength]), address));
        }

        return true;
    }
}
