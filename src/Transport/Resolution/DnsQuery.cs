using System;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Stack.Transport;

/// <summary>One question, and the bytes that ask it.</summary>
/// <remarks>
/// <code>
/// 0               2        4        6        8        10       12
/// | id            | flags  | QD = 1 | AN = 0 | NS = 0 | AR     | name ... 0 | type | class | OPT (11) |
/// </code>
/// </remarks>
internal sealed class DnsQuery
{
    /// <summary>The size of answer asked for: it fits every path without fragments, and a fragment is what a forger replaces.</summary>
    public const int UdpPayloadSize = 1232;

    public const int ClassInternet = 1;
    public const int TypeOpt = 41;

    private const int HeaderLength = 12;
    private const int OptLength = 11;
    private const ushort RecursionDesired = 0x0100;

    private DnsQuery(ushort id, string name, DnsRecordType type, bool extended, bool exactCase)
    {
        Id = id;
        Name = name;
        Type = type;
        IsExtended = extended;
        IsExactCase = exactCase;
    }

    public ushort Id { get; }

    /// <summary>The name as it stands on the wire, without a trailing dot.</summary>
    public string Name { get; }

    public DnsRecordType Type { get; }

    /// <summary>Whether an OPT record (EDNS) is sent along.</summary>
    public bool IsExtended { get; }

    /// <summary>Whether the answer must repeat the question's random case.</summary>
    public bool IsExactCase { get; }

    /// <summary>A query as forgers like it least: random id, random case of the letters, EDNS.</summary>
    public static DnsQuery CreateHardened(string name, DnsRecordType type, RandomNumberGenerator random)
    {
        Span<byte> bits = stackalloc byte[DnsName.MaxTextLength];
        bits = bits[..name.Length];
        random.GetBytes(bits);
        Span<char> letters = stackalloc char[DnsName.MaxTextLength];
        letters = letters[..name.Length];
        for (int i = 0; i < letters.Length; i++)
        {
            letters[i] = (bits[i] & 1) == 0 ? char.ToLowerInvariant(name[i]) : char.ToUpperInvariant(name[i]);
        }

        return new DnsQuery(NewId(random), new string(letters), type, extended: true, exactCase: true);
    }

    /// <summary>A query that the oldest name server understands: random id, the name as it is, no EDNS.</summary>
    public static DnsQuery CreatePlain(string name, DnsRecordType type, RandomNumberGenerator random) =>
        new(NewId(random), name, type, extended: false, exactCase: false);

    public byte[] ToBytes()
    {
        int nameLength = Name.Length + 2;
        byte[] message = new byte[HeaderLength + nameLength + 4 + (IsExtended ? OptLength : 0)];
        Span<byte> rest = message;
        BinaryPrimitives.WriteUInt16BigEndian(rest, Id);
        BinaryPrimitives.WriteUInt16BigEndian(rest[2..], RecursionDesired);
        BinaryPrimitives.WriteUInt16BigEndian(rest[4..], 1);
        BinaryPrimitives.WriteUInt16BigEndian(rest[10..], (ushort)(IsExtended ? 1 : 0));
        rest = rest[HeaderLength..];
        rest = rest[DnsName.Write(Name, rest)..];
        BinaryPrimitives.WriteUInt16BigEndian(rest, (ushort)Type);
        BinaryPrimitives.WriteUInt16BigEndian(rest[2..], ClassInternet);
        if (IsExtended)
        {
            rest = rest[4..];
            BinaryPrimitives.WriteUInt16BigEndian(rest[1..], TypeOpt);
            BinaryPrimitives.WriteUInt16BigEndian(rest[3..], UdpPayloadSize);
        }

        return message;
    }

    private static ushort NewId(RandomNumberGenerator random)
    {
        Span<byte> id = stackalloc byte[2];
        random.GetBytes(id);
        return BinaryPrimitives.ReadUInt16BigEndian(id);
    }
}
