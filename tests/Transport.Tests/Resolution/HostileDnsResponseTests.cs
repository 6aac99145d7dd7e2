using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace Stack.Transport.Tests;

public sealed class HostileDnsResponseTests
{
    private const string Service = "_stun._udp.example.org";

    private static readonly DnsQuery Query = DnsQuery.CreatePlain(Service, DnsRecordType.Srv, new SeededRandom(2));
    private static readonly byte[] Asked = Query.ToBytes();
    private static readonly byte[] Owner = DnsWire.Pointer(12);
    private static readonly byte[] Good = DnsWire.SrvContent(10, 5, 3478, DnsWire.Name("a.example.org"));

    // Where the first answer record starts: behind the header and the question.
    private static readonly int FirstRecord = DnsWire.Reply(Asked).Length;

    private static readonly string Long = string.Join('.', Enumerable.Repeat(new string('x', 49), 6));

    private static readonly Dictionary<string, (Func<byte[]> Message, DnsDecodeStatus Status)> Refused = new(StringComparer.Ordinal)
    {
        ["empty"] = (() => [], DnsDecodeStatus.TooShort),
        ["eleven octets"] = (() => DnsWire.Answer(Asked, DnsWire.Srv, Good)[..11], DnsDecodeStatus.TooShort),
        ["header without its question"] = (() => DnsWire.Answer(Asked, DnsWire.Srv, Good)[..12], DnsDecodeStatus.TooShort),
        ["question cut inside its type"] = (() => DnsWire.Reply(Asked).ToArray()[..^3], DnsDecodeStatus.TooShort),
        ["another id"] = (() => With(DnsWire.Answer(Asked, DnsWire.Srv, Good), 1, (byte)(Asked[1] ^ 1)), DnsDecodeStatus.OtherId),
        ["the query itself"] = (() => Asked, DnsDecodeStatus.NotAResponse),
        ["a status operation"] = (() => DnsWire.Reply(Asked, flags: 0x9180).ToArray(), DnsDecodeStatus.NotAResponse),
        ["no question"] = (() => DnsWire.Reply(Asked, questions: 0).ToArray(), DnsDecodeStatus.OtherQuestion),
        ["65535 questions"] = (() => DnsWire.Reply(Asked, questions: 65535).ToArray(), DnsDecodeStatus.OtherQuestion),
        ["another name"] = (() => DnsWire.Reply(Ask("_stun._udp.example.net", DnsWire.Srv)).ToArray(), DnsDecodeStatus.OtherQuestion),
        ["another type"] = (() => DnsWire.Reply(Ask(Service, DnsWire.A)).ToArray(), DnsDecodeStatus.OtherQuestion),
        ["another class"] = (() => With(DnsWire.Reply(Asked).ToArray(), FirstRecord - 1, 3), DnsDecodeStatus.OtherQuestion),
        ["a question that points at itself"] = (() => [.. Asked[..2], 0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0, 0xC0, 12, 0, 33, 0, 1], DnsDecodeStatus.OtherQuestion),
        ["truncated"] = (() => DnsWire.Reply(Asked, flags: 0x8380).ToArray(), DnsDecodeStatus.Truncated),
        ["65535 answers, none there"] = (() => DnsWire.Reply(Asked, answers: 65535).ToArray(), DnsDecodeStatus.BadCounts),
        ["65535 of each, one there"] = (() => DnsWire.Reply(Asked, 65535, 65535, 65535).Record(Owner, DnsWire.Srv, Good).ToArray(), DnsDecodeStatus.BadCounts),
        ["65535 additionals"] = (() => DnsWire.Reply(Asked, 1, 0, 65535).Record(Owner, DnsWire.Srv, Good).ToArray(), DnsDecodeStatus.BadCounts),
        ["one record less than counted"] = (() => DnsWire.Reply(Asked, answers: 2).Record(Owner, DnsWire.Srv, Good).ToArray(), DnsDecodeStatus.BadName),
        ["owner points at itself"] = (() => DnsWire.Reply(Asked, answers: 1).Record(DnsWire.Pointer(FirstRecord), DnsWire.Srv, Good).ToArray(), DnsDecodeStatus.BadName),
        ["owner points forward"] = (() => DnsWire.Reply(Asked, answers: 1).Record(DnsWire.Pointer(FirstRecord + 18), DnsWire.Srv, Good).ToArray(), DnsDecodeStatus.BadName),
        ["owner points into the header"] = (() => DnsWire.Reply(Asked, answers: 1).Record(DnsWire.Pointer(4), DnsWire.Srv, Good).ToArray(), DnsDecodeStatus.BadName),
        ["owner points past the end"] = (() => DnsWire.Reply(Asked, answers: 1).Record(DnsWire.Pointer(0x3FFF), DnsWire.Srv, Good).ToArray(), DnsDecodeStatus.BadName),
        ["label and pointer back to the label"] = (() => DnsWire.Reply(Asked, answers: 1).Record([1, (byte)'a', .. DnsWire.Pointer(FirstRecord)], DnsWire.Srv, Good).ToArray(), DnsDecodeStatus.BadName),
        ["two names point at each other"] = (PointerLoop, DnsDecodeStatus.BadName),
        ["a stair of 40 pointers"] = (() => Stair(40), DnsDecodeStatus.BadName),
        ["pointer cut in half"] = (() => [.. DnsWire.Reply(Asked, answers: 1).ToArray(), .. Enumerable.Repeat((byte)0xC0, 11)], DnsDecodeStatus.BadName),
        ["label of the reserved kind 01"] = (() => DnsWire.Reply(Asked, answers: 1).Record([0x41, .. new byte[70]], DnsWire.Srv, Good).ToArray(), DnsDecodeStatus.BadName),
        ["label of the reserved kind 10"] = (() => DnsWire.Reply(Asked, answers: 1).Record([0x81, .. new byte[140]], DnsWire.Srv, Good).ToArray(), DnsDecodeStatus.BadName),
        ["owner of 300 octets"] = (() => DnsWire.Reply(Asked, answers: 1).Record(DnsWire.Name(Long), DnsWire.Srv, Good).ToArray(), DnsDecodeStatus.BadName),
        ["target of 300 octets"] = (() => DnsWire.Answer(Asked, DnsWire.Srv, DnsWire.SrvContent(1, 1, 1, DnsWire.Name(Long))), DnsDecodeStatus.BadName),
        ["owner of 300 octets by pointers"] = (LongByPointers, DnsDecodeStatus.BadName),
        ["content runs past the end"] = (() => DnsWire.Reply(Asked, answers: 1).Record(Owner, DnsWire.Srv, Good, length: Good.Length + 1).ToArray(), DnsDecodeStatus.BadRecord),
        ["content of 65535 octets"] = (() => DnsWire.Reply(Asked, answers: 1).Record(Owner, DnsWire.Srv, Good, length: 65535).ToArray(), DnsDecodeStatus.BadRecord),
        ["record cut before its length"] = (() => [.. DnsWire.Reply(Asked, answers: 1).ToArray(), .. Owner, 0, 33, 0, 1, 0, 0, 0, 0, 0], DnsDecodeStatus.BadRecord),
        ["target longer than the content"] = (() => DnsWire.Reply(Asked, answers: 1).Record(Owner, DnsWire.Srv, Good, length: Good.Length - 1).ToArray(), DnsDecodeStatus.BadRecord),
        ["content longer than the target"] = (() => DnsWire.Answer(Asked, DnsWire.Srv, [.. Good, 0]), DnsDecodeStatus.BadRecord),
        ["content without a target"] = (() => DnsWire.Answer(Asked, DnsWire.Srv, Good[..6]), DnsDecodeStatus.BadRecord),
        ["empty content"] = (() => DnsWire.Answer(Asked, DnsWire.Srv, [[]]), DnsDecodeStatus.BadRecord),
        ["alias of two names"] = (() => AliasLoop(2), DnsDecodeStatus.AliasLoop),
        ["alias of itself"] = (() => DnsWire.Answer(Asked, DnsWire.Cname, DnsWire.Name(Service)), DnsDecodeStatus.AliasLoop),
        ["chain of 1000 aliases"] = (() => AliasChain(1000), DnsDecodeStatus.AliasLoop),
    };

    public static TheoryData<string> RefusedNames => [.. Refused.Keys];

    [Theory]
    [MemberData(nameof(RefusedNames))]
    public void Decode_HostileResponse_IsRefused(string description)
    {
        (Func<byte[]> message, DnsDecodeStatus expected) = Refused[description];

        DnsDecodeStatus status = DnsResponse.Decode(message(), Query, out DnsResponse response);

        Assert.Equal(expected, status);
        Assert.Empty(response.Records);
    }

    private static byte[] Ask(string name, int type) => [.. Asked[..12], .. DnsWire.Name(name), .. DnsWire.Word(type), 0, 1];

    private static byte[] With(byte[] message, int index, byte value)
    {
        message[index] = value;
        return message;
    }

    // Two contents, each a pointer: the first to the second, the second to the first.
    private static byte[] PointerLoop() => DnsWire.Reply(Asked, answers: 2)
        .Record(Owner, DnsWire.Cname, DnsWire.Pointer(FirstRecord + 26))
        .Record(Owner, DnsWire.Cname, DnsWire.Pointer(FirstRecord + 12))
        .ToArray();

    // Every pointer goes strictly backwards, to the one before it.
    private static byte[] Stair(int steps)
    {
        DnsWire reply = DnsWire.Reply(Asked, answers: 2);
        int first = reply.Length + 12;
        byte[] pointers = [0, .. Enumerable.Range(0, steps).SelectMany(i => DnsWire.Pointer(i == 0 ? first : first - 1 + (2 * i)))];
        reply.Record(Owner, 16, pointers);
        return reply.Record(DnsWire.Pointer(reply.Length - 2), DnsWire.Srv, Good).ToArray();
    }

    private static byte[] LongByPointers()
    {
        DnsWire reply = DnsWire.Reply(Asked, answers: 2);
        byte[] half = DnsWire.Name(string.Join('.', Enumerable.Repeat(new string('x', 49), 3)));
        reply.Record(Owner, 16, half);
        return reply.Record([.. half[..^1], .. DnsWire.Pointer(FirstRecord + 12)], DnsWire.Srv, Good).ToArray();
    }

    private static byte[] AliasLoop(int names)
    {
        DnsWire reply = DnsWire.Reply(Asked, answers: names + 1).Record(Owner, DnsWire.Cname, DnsWire.Name("n0.example"));
        for (int i = 0; i < names; i++)
        {
            reply.Record(DnsWire.Name($"n{i}.example"), DnsWire.Cname, DnsWire.Name($"n{(i + 1) % names}.example"));
        }

        return reply.ToArray();
    }

    private static byte[] AliasChain(int names)
    {
        DnsWire reply = DnsWire.Reply(Asked, answers: names + 1).Record(Owner, DnsWire.Cname, DnsWire.Name("n0.example"));
        for (int i = 0; i < names; i++)
        {
            reply.Record(DnsWire.Name($"n{i}.example"), DnsWire.Cname, DnsWire.Name($"n{i + 1}.example"));
        }

        return reply.ToArray();
    }
}
