using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using Xunit;

namespace Stack.Transport.Tests;

public sealed class DnsResponseTests
{
    private const string Service = "_stun._udp.example.org";

    private static readonly SeededRandom Random = new(1);
    private static readonly DnsQuery Query = DnsQuery.CreatePlain(Service, DnsRecordType.Srv, Random);
    private static readonly byte[] Asked = Query.ToBytes();
    private static readonly byte[] Owner = DnsWire.Pointer(12);
    private static readonly byte[] Good = DnsWire.SrvContent(10, 5, 3478, DnsWire.Name("a.example.org"));

    // Where the first answer record starts: behind the header and the question.
    private static readonly int FirstRecord = DnsWire.Reply(Asked).Length;

    [Fact]
    public void Decode_Service_HasItsFields()
    {
        byte[] message = DnsWire.Answer(Asked, DnsWire.Srv, DnsWire.SrvContent(65535, 256, 3478, [1, (byte)'A', .. DnsWire.Pointer(12 + 11)]));

        Assert.Equal(DnsDecodeStatus.Response, DnsResponse.Decode(message, Query, out DnsResponse response));
        Assert.Equal([new DnsServiceRecord(65535, 256, 3478, "A.example.org")], response.Records);
    }

    [Fact]
    public void Decode_ResponseWrittenOctetByOctet_HasItsFields()
    {
        byte[] message =
        [
            Asked[0], Asked[1], 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0,
            5, (byte)'_', (byte)'s', (byte)'t', (byte)'u', (byte)'n', 4, (byte)'_', (byte)'u', (byte)'d', (byte)'p',
            7, (byte)'e', (byte)'x', (byte)'a', (byte)'m', (byte)'p', (byte)'l', (byte)'e', 3, (byte)'o', (byte)'r', (byte)'g', 0,
            0, 33, 0, 1,
            0xC0, 12, 0, 33, 0, 1, 0xFF, 0xFF, 0xFF, 0xFF, 0, 10, 0, 1, 0, 2, 0x0D, 0x96, 1, (byte)'b', 0xC0, 23,
        ];

        Assert.Equal(DnsDecodeStatus.Response, DnsResponse.Decode(message, Query, out DnsResponse response));
        Assert.Equal([new DnsServiceRecord(1, 2, 3478, "b.example.org")], response.Records);
    }

    [Fact]
    public void Decode_RootTarget_IsEmptyText()
    {
        DnsResponse response = DecodeGood(DnsWire.Answer(Asked, DnsWire.Srv, DnsWire.SrvContent(0, 0, 0, [0])));

        Assert.Equal([new DnsServiceRecord(0, 0, 0, "")], response.Records);
    }

    [Theory]
    [InlineData("a b.example.org")]
    [InlineData("a\u001b[2J.example.org")]
    [InlineData("a\0.example.org")]
    [InlineData("-h.example.org")]
    [InlineData("h-.example.org")]
    [InlineData("a\u00fc.example.org")]
    [InlineData("a/b.example.org")]
    public void Decode_TargetThatIsNoHostName_LosesThatRecordOnly(string target)
    {
        DnsResponse response = DecodeGood(DnsWire.Answer(Asked, DnsWire.Srv, DnsWire.SrvContent(1, 1, 1, DnsWire.Name(target)), Good));

        Assert.Equal([new DnsServiceRecord(10, 5, 3478, "a.example.org")], response.Records);
    }

    [Fact]
    public void Decode_DotInsideALabel_LosesTheRecord()
    {
        DnsResponse response = DecodeGood(DnsWire.Answer(Asked, DnsWire.Srv, DnsWire.SrvContent(1, 1, 1, [3, (byte)'a', (byte)'.', (byte)'b', 0])));

        Assert.Empty(response.Records);
    }

    [Fact]
    public void Decode_OwnerThatOnlyReadsLikeTheName_IsNotAnAnswer()
    {
        byte[] owner = [10, .. "_stun._udp"u8, .. DnsWire.Name("example.org")];

        Assert.Empty(DecodeGood(DnsWire.Reply(Asked, 1).Record(owner, DnsWire.Srv, Good).ToArray()).Records);
    }

    [Fact]
    public void Decode_ServicesInOtherSections_AreNotAnswers()
    {
        DnsResponse response = DecodeGood(
            DnsWire.Reply(Asked, 0, 1, 1).Record(Owner, DnsWire.Srv, Good).Record(Owner, DnsWire.Srv, Good).ToArray());

        Assert.Empty(response.Records);
    }

    [Fact]
    public void Decode_RecordsOfAnotherNameClassOrType_AreNotAnswers()
    {
        DnsResponse response = DecodeGood(DnsWire.Reply(Asked, 3)
            .Record(DnsWire.Name("_stun._udp.example.net"), DnsWire.Srv, Good)
            .Record(Owner, DnsWire.Srv, Good, recordClass: 3)
            .Record(Owner, 16, Good)
            .ToArray());

        Assert.Empty(response.Records);
    }

    [Fact]
    public void Decode_AliasesInAnyOrder_LeadToTheRecords()
    {
        DnsResponse response = DecodeGood(DnsWire.Reply(Asked, 3)
            .Record(DnsWire.Name("_stun.b.example"), DnsWire.Srv, Good)
            .Record(DnsWire.Name("_stun.A.example"), DnsWire.Cname, DnsWire.Name("_stun.B.example"))
            .Record(Owner, DnsWire.Cname, DnsWire.Name("_stun.a.example"))
            .ToArray());

        Assert.Single(response.Records);
    }

    [Fact]
    public void Decode_ExtendedResponseCode_IsAnError()
    {
        DnsResponse response = DecodeGood(DnsWire.Reply(Asked, 0, 0, 1).Record([0], DnsWire.Opt, [], recordClass: 1232, timeToLive: 0x01000000).ToArray());

        Assert.Equal(16, response.ResponseCode);
    }

    [Theory]
    [InlineData(0x8000, true)]
    [InlineData(0x8400, false)]
    [InlineData(0x8080, false)]
    public void Decode_EmptyAnswer_IsAReferralUnlessTheServerKnowsOrAsks(int flags, bool isReferral) =>
        Assert.Equal(isReferral, DecodeGood(DnsWire.Reply(Asked, flags: flags).ToArray()).IsReferral);

    [Fact]
    public void Decode_ThousandAddresses_KeepsABoundedNumber()
    {
        DnsQuery query = DnsQuery.CreatePlain("example.org", DnsRecordType.A, Random);
        byte[][] addresses = [.. Enumerable.Range(0, 1000).Select(i => (byte[])[192, 0, (byte)(i >> 8), (byte)i])];

        DnsDecodeStatus status = DnsResponse.Decode(DnsWire.Answer(query.ToBytes(), DnsWire.A, addresses), query, out DnsResponse response);

        Assert.Equal(DnsDecodeStatus.Response, status);
        Assert.Equal(DnsResponse.MaxRecords, response.Records.Count);
        Assert.Equal(new DnsAddressRecord(IPAddress.Parse("192.0.0.0")), response.Records[0]);
    }

    [Theory]
    [InlineData(DnsRecordType.A, 3)]
    [InlineData(DnsRecordType.A, 5)]
    [InlineData(DnsRecordType.A, 16)]
    [InlineData(DnsRecordType.Aaaa, 4)]
    [InlineData(DnsRecordType.Aaaa, 17)]
    public void Decode_AddressOfTheWrongLength_IsRefused(DnsRecordType type, int length)
    {
        DnsQuery query = DnsQuery.CreatePlain("example.org", type, Random);
        byte[] message = DnsWire.Answer(query.ToBytes(), (int)type, new byte[length]);

        Assert.Equal(DnsDecodeStatus.BadRecord, DnsResponse.Decode(message, query, out _));
    }

    [Fact]
    public void Decode_IPv6Address_HasItsOctets()
    {
        DnsQuery query = DnsQuery.CreatePlain("example.org", DnsRecordType.Aaaa, Random);
        byte[] message = DnsWire.Answer(query.ToBytes(), DnsWire.Aaaa, [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);

        Assert.Equal(DnsDecodeStatus.Response, DnsResponse.Decode(message, query, out DnsResponse response));
        Assert.Equal([new DnsAddressRecord(IPAddress.Parse("2001:db8::1"))], response.Records);
    }

    [Fact]
    public void Decode_NamingPointersOfTurn_HaveTheirFields()
    {
        // RFC 5928 section 4.1, figure 1.
        byte[] replacement = DnsWire.Name("datagram.example.net");
        DnsResponse response = DecodeNaming(
            DnsWire.NaptrContent(100, 10, "", "RELAY:turn.udp", "", replacement),
            DnsWire.NaptrContent(200, 10, "s", "RELAY:turn.tcp:turn.tls", "", replacement));

        Assert.Equal(
            [
                new DnsNamingRecord(100, 10, "", "RELAY:turn.udp", "datagram.example.net"),
                new DnsNamingRecord(200, 10, "s", "RELAY:turn.tcp:turn.tls", "datagram.example.net"),
            ],
            response.Records);
    }

    [Theory]
    [InlineData("u", "RELAY:turn.udp", "!^.*$!x!")]
    [InlineData("s", "RELAY:turn.udp", "!^.*$!x!")]
    [InlineData("sa", "RELAY:turn.udp", "")]
    [InlineData("\u001b", "RELAY:turn.udp", "")]
    [InlineData("s", "RELAY:\u001b[2J", "")]
    public void Decode_NamingPointerOutsideSNaptr_IsLeftOut(string flags, string services, string expression) =>
        Assert.Empty(DecodeNaming(DnsWire.NaptrContent(1, 1, flags, services, expression, DnsWire.Name("a.example"))).Records);

    [Theory]
    [InlineData(new byte[] { 0, 1, 0, 1, 0, 0, 0 })]
    [InlineData(new byte[] { 0, 1, 0, 1, 255, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 0, 1, 0, 1, 0, 0, 2, 0, 0 })]
    [InlineData(new byte[] { 0, 1, 0, 1, 0, 0, 1, 0 })]
    public void Decode_NamingPointerWithoutItsParts_IsRefused(byte[] content)
    {
        DnsQuery query = DnsQuery.CreatePlain("example.org", DnsRecordType.Naptr, Random);

        Assert.Equal(DnsDecodeStatus.BadRecord, DnsResponse.Decode(DnsWire.Answer(query.ToBytes(), DnsWire.Naptr, content), query, out _));
    }

    [Fact]
    public void Decode_RandomCaseNotRepeated_IsAnotherQuestion()
    {
        DnsQuery query = DnsQuery.CreateHardened(Service, DnsRecordType.Srv, Random);
        DnsQuery lower = DnsQuery.CreatePlain(Service, DnsRecordType.Srv, Random);
        byte[] folded = [.. query.ToBytes()[..2], .. DnsWire.Answer(lower.ToBytes(), DnsWire.Srv, Good)[2..]];

        Assert.NotEqual(Service, query.Name);
        Assert.Equal(Service, query.Name, ignoreCase: true);
        Assert.Equal(DnsDecodeStatus.OtherQuestion, DnsResponse.Decode(folded, query, out _));
        Assert.Equal(DnsDecodeStatus.Response, DnsResponse.Decode(DnsWire.Answer(query.ToBytes(), DnsWire.Srv, Good), query, out _));
    }

    [Fact]
    public void ToBytes_HardenedQuery_AsksForRecursionAndSmallDatagrams()
    {
        DnsQuery query = DnsQuery.CreateHardened("a.bc", DnsRecordType.Srv, new SeededRandom(3));
        byte[] name = [1, (byte)query.Name[0], 2, (byte)query.Name[2], (byte)query.Name[3], 0];

        Assert.Equal(
            [(byte)(query.Id >> 8), (byte)query.Id, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1, .. name, 0, 33, 0, 1, 0, 0, 41, 0x04, 0xD0, 0, 0, 0, 0, 0, 0],
            query.ToBytes());
    }

    [Fact]
    public void ToBytes_LongestName_Fits()
    {
        string longest = string.Join('.', new string('a', 63), new string('b', 63), new string('c', 63), new string('d', 61));
        DnsQuery query = DnsQuery.CreatePlain(longest, DnsRecordType.Srv, Random);

        Assert.Equal(253, longest.Length);
        Assert.Equal(12 + 255 + 4, query.ToBytes().Length);
        Assert.Equal(DnsDecodeStatus.Response, DnsResponse.Decode(DnsWire.Answer(query.ToBytes(), DnsWire.Srv, Good), query, out _));
    }

    [Fact]
    public void Decode_EveryPrefixOfAResponse_IsRefused()
    {
        byte[] message = DnsWire.Answer(Asked, DnsWire.Srv, Good, Good);

        Assert.All(Enumerable.Range(0, message.Length), length =>
            Assert.NotEqual(DnsDecodeStatus.Response, DnsResponse.Decode(message.AsSpan(0, length), Query, out _)));
    }

    [Fact]
    public void Decode_AnyOctets_GiveAStatusAndUsableRecordsOnly()
    {
        SeededRandom random = new(20260101);
        Dictionary<DnsDecodeStatus, int> seen = [];
        byte[] original = DnsWire.Reply(Asked, 3, 1, 1)
            .Record(Owner, DnsWire.Cname, DnsWire.Name("_s.b.example"))
            .Record(DnsWire.Name("_s.b.example"), DnsWire.Srv, Good)
            .Record(DnsWire.Pointer(FirstRecord + 12), DnsWire.Srv, DnsWire.SrvContent(1, 2, 3, [1, (byte)'q', .. DnsWire.Pointer(23)]))
            .Record(Owner, 6, Good)
            .Record([0], DnsWire.Opt, [], recordClass: 1232)
            .ToArray();

        for (int round = 0; round < 50_000; round++)
        {
            byte[] message = [.. original];
            int changes = random.Next(6);
            for (int i = 0; i < changes; i++)
            {
                message[random.Next(message.Length)] = (byte)random.Next(256);
            }

            message = round % 4 == 0 ? message[..random.Next(message.Length)] : message;
            if (round % 5 == 0)
            {
                random.GetBytes(message.AsSpan(Math.Min(message.Length, FirstRecord)));
            }

            DnsDecodeStatus status = DnsResponse.Decode(message, Query, out DnsResponse response);
            seen[status] = seen.GetValueOrDefault(status) + 1;
            Assert.All(response.Records, record => Assert.Matches("^[A-Za-z0-9_.-]*$", ((DnsServiceRecord)record).Target));
        }

        // The mutations have to reach deep as well as fail early, else this test shows nothing.
        Assert.True(seen[DnsDecodeStatus.Response] > 1000 && seen[DnsDecodeStatus.BadName] > 1000 && seen[DnsDecodeStatus.BadRecord] > 1000);
    }

    private static DnsResponse DecodeGood(byte[] message)
    {
        Assert.Equal(DnsDecodeStatus.Response, DnsResponse.Decode(message, Query, out DnsResponse response));
        return response;
    }

    private static DnsResponse DecodeNaming(params byte[][] contents)
    {
        DnsQuery query = DnsQuery.CreatePlain("example.net", DnsRecordType.Naptr, Random);
        Assert.Equal(DnsDecodeStatus.Response, DnsResponse.Decode(DnsWire.Answer(query.ToBytes(), DnsWire.Naptr, contents), query, out DnsResponse response));
        return response;
    }
}
