using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Stack.Stun;
using Xunit;

namespace Stack.Ice.Tests;

public sealed class CandidateAttributeTests
{
    internal static readonly Candidate Host = new()
    {
        Foundation = "1",
        ComponentId = 1,
        Priority = 2130706431,
        Address = Address("192.0.2.1:5000"),
        Type = CandidateType.Host,
    };

    private static readonly Candidate Reflexive = Host with { Type = CandidateType.ServerReflexive };

    [Theory]
    [InlineData("1 1 UDP 2130706431 192.0.2.1 5000 typ host")]
    [InlineData("candidate:1 1 UDP 2130706431 192.0.2.1 5000 typ host")]
    [InlineData("a=candidate:1 1 UDP 2130706431 192.0.2.1 5000 typ host")]
    [InlineData("a=CANDIDATE:1 1 udp 2130706431 192.0.2.1 5000 TYP Host")]
    [InlineData("1 01 uDp 2130706431 192.0.2.1 0005000 typ HOST")]
    public void Parse_FormsOfOneCandidate_AreEqual(string line) => Assert.Equal(Host, Parse(line));

    [Theory]
    [InlineData("a")]
    [InlineData("/+")]
    [InlineData("abcdefghijklmnopqrstuvwxyz012345")]
    public void Parse_FoundationOf1To32IceChars_IsKept(string foundation)
        => Assert.Equal(foundation, Parse($"{foundation} 1 UDP 1 192.0.2.1 5000 typ host").Foundation);

    [Theory]
    [InlineData("1", 1)]
    [InlineData("001", 1)]
    [InlineData("256", 256)]
    public void Parse_ComponentInRange_IsRead(string text, int component)
        => Assert.Equal(component, Parse($"1 {text} UDP 1 192.0.2.1 5000 typ host").ComponentId);

    [Theory]
    [InlineData("1", 1u)]
    [InlineData("0000000001", 1u)]
    [InlineData("2147483647", 2147483647u)]
    public void Parse_PriorityInRange_IsRead(string text, uint priority)
        => Assert.Equal(priority, Parse($"1 1 UDP {text} 192.0.2.1 5000 typ host").Priority);

    [Theory]
    [InlineData("host", CandidateType.Host)]
    [InlineData("srflx", CandidateType.ServerReflexive)]
    [InlineData("prflx", CandidateType.PeerReflexive)]
    [InlineData("relay", CandidateType.Relayed)]
    public void Parse_Type_IsRead(string text, CandidateType type) => Assert.Equal(type, Parse($"1 1 UDP 1 192.0.2.1 5000 typ {text}").Type);

    [Theory]
    [InlineData("active", TcpCandidateType.Active, 9)]
    [InlineData("PASSIVE", TcpCandidateType.Passive, 5000)]
    [InlineData("so", TcpCandidateType.SimultaneousOpen, 5000)]
    public void Parse_TcpTypeAnywhereAmongExtensions_IsRead(string text, TcpCandidateType type, int port)
    {
        Candidate candidate = Parse($"1 1 tcp 1 192.0.2.1 {port} typ host generation 0 TcpType {text} ufrag abcd");
        Assert.Equal((CandidateTransport.Tcp, type, port), (candidate.Transport, candidate.TcpType, candidate.Address.Port));
        Assert.Equal(["generation", "ufrag"], candidate.Extensions.Select(static extension => extension.Key));
    }

    // RFC 6544 section 4.5 demands 9; some agents send 0, and nobody connects to it.
    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(50000)]
    public void Parse_ActiveTcpCandidate_HasPort9(int port)
        => Assert.Equal(Address("192.0.2.1:9"), Parse($"1 1 tcp 1 192.0.2.1 {port} typ host tcptype active").Address);

    [Fact]
    public void Parse_TcpTypeOfUdpCandidate_IsAnExtensionThatIsNotUnderstood()
    {
        Candidate candidate = Parse("1 1 UDP 1 192.0.2.1 5000 typ host tcptype active");
        Assert.Equal(TcpCandidateType.None, candidate.TcpType);
        Assert.Equal("active", candidate.FindExtension("tcptype"));
    }

    [Theory]
    [InlineData("srflx", "raddr 10.0.0.1 rport 4000", "10.0.0.1:4000")]
    [InlineData("prflx", "RADDR 2001:db8::1 RPORT 4000", "[2001:db8::1]:4000")]
    [InlineData("relay", "raddr 10.0.0.1 rport 0", "10.0.0.1:0")]
    [InlineData("srflx", "raddr 10.0.0.1", "10.0.0.1:0")]
    [InlineData("srflx", "raddr 0.0.0.0 rport 0", null)]
    [InlineData("srflx", "raddr 0.0.0.0 rport 9", null)]
    [InlineData("srflx", "raddr :: rport 9", null)]
    [InlineData("srflx", "rport 4000", null)]
    [InlineData("srflx", "raddr 192.168.0.274 rport 4000", null)]
    [InlineData("srflx", "raddr b1c2.local rport 4000", null)]
    [InlineData("srflx", "raddr fe80::1%eth0 rport 4000", null)]
    [InlineData("host", "raddr 10.0.0.1 rport 4000", null)]
    public void Parse_RelatedAddress_IsToldOrNull(string type, string related, string? expected)
        => Assert.Equal(expected is null ? null : Address(expected), Parse($"1 1 UDP 1 192.0.2.1 5000 typ {type} {related}").RelatedAddress);

    [Fact]
    public void Parse_ReflexiveWithoutRelatedAddress_IsAccepted() => Assert.Null(Parse("1 1 UDP 1 192.0.2.1 5000 typ srflx generation 0").RelatedAddress);

    [Fact]
    public void Parse_Extensions_AreKeptInOrder()
    {
        Candidate candidate = Parse("1 1 UDP 1 192.0.2.1 5000 typ host generation 2 ufrag 8hhY network-id 3 generation 7 empty ");
        Assert.Equal(
            [
                KeyValuePair.Create("generation", "2"), KeyValuePair.Create("ufrag", "8hhY"), KeyValuePair.Create("network-id", "3"),
                KeyValuePair.Create("generation", "7"), KeyValuePair.Create("empty", ""),
            ],
            candidate.Extensions);
        Assert.Equal("8hhY", candidate.UsernameFragment);
        Assert.Equal("2", candidate.FindExtension("GENERATION"));
        Assert.Null(candidate.FindExtension("network-cost"));
    }

    [Fact]
    public void Parse_100Extensions_Keeps16()
    {
        var line = new StringBuilder("1 1 UDP 1 192.0.2.1 5000 typ host");
        for (int i = 0; i < 100; i++)
        {
            line.Append(" x").Append(i).Append(" y");
        }

        Candidate candidate = Parse(line.ToString());
        Assert.Equal(Enumerable.Range(0, 16).Select(static i => $"x{i}"), candidate.Extensions.Select(static extension => extension.Key));

        // What is dropped is checked all the same.
        line.Append(" odd");
        Assert.Equal(CandidateAttributeStatus.MalformedExtension, CandidateAttribute.Parse(line.ToString(), out _, out int position));
        Assert.Equal(line.Length - 3, position);
    }

    [Theory]
    [InlineData("3f9bd0bf-2f3c-4c4c-9d0e-6b1a3a6a2a11.local")]
    [InlineData("x.LOCAL")]
    public void Parse_MdnsName_IsKeptWithItsPort(string name)
    {
        Candidate candidate = Parse($"1 1 udp 2113937151 {name} 5000 typ host");
        Assert.True(candidate.Address.IsNone);
        Assert.Equal((name, 5000), (candidate.HostName, candidate.HostPort));
        Assert.Equal($"candidate:1 1 UDP 2113937151 {name} 5000 typ host", CandidateAttribute.Format(candidate));
    }

    [Fact]
    public void Format_RelatedAddressNotTold_IsUnspecifiedOfTheFamilyAndPort9()
    {
        Assert.EndsWith("typ srflx raddr 0.0.0.0 rport 9", CandidateAttribute.Format(Reflexive), StringComparison.Ordinal);
        Candidate v6 = Reflexive with { Type = CandidateType.Relayed, Address = Address("[2001:db8::1]:5000") };
        Assert.EndsWith("typ relay raddr :: rport 9", CandidateAttribute.Format(v6), StringComparison.Ordinal);
        Candidate zero = Reflexive with { RelatedAddress = Address("0.0.0.0:0") };
        Assert.EndsWith("typ srflx raddr 0.0.0.0 rport 9", CandidateAttribute.Format(zero), StringComparison.Ordinal);
    }

    [Fact]
    public void Format_HostCandidate_HasNoRelatedAddress()
        => Assert.Equal("candidate:1 1 UDP 2130706431 192.0.2.1 5000 typ host", CandidateAttribute.Format(Host));

    [Fact]
    public void Format_Zone_IsNotTold() => Assert.Equal(
        "candidate:1 1 UDP 2130706431 fe80::1 5000 typ host",
        CandidateAttribute.Format(Host with { Address = Address("[fe80::1%3]:5000") }));

    [Fact]
    public void Format_TcpCandidate_HasItsSideBeforeExtensions() => Assert.Equal(
        "candidate:1 1 TCP 2130706431 192.0.2.1 9 typ host tcptype active ufrag abcd",
        CandidateAttribute.Format(Host with
        {
            Transport = CandidateTransport.Tcp,
            TcpType = TcpCandidateType.Active,
            Address = Address("192.0.2.1:9"),
            Extensions = [KeyValuePair.Create("ufrag", "abcd")],
        }));

    [Fact]
    public void Format_CandidateThatCannotBeTold_IsTheCallersMistake()
    {
        (Candidate Candidate, CandidateAttributeStatus Status)[] cases =
        [
            (Host with { Foundation = "" }, CandidateAttributeStatus.MalformedFoundation),
            (Host with { Foundation = "a b" }, CandidateAttributeStatus.MalformedFoundation),
            (Host with { Foundation = new string('a', 33) }, CandidateAttributeStatus.MalformedFoundation),
            (Host with { ComponentId = 0 }, CandidateAttributeStatus.MalformedComponent),
            (Host with { ComponentId = 257 }, CandidateAttributeStatus.MalformedComponent),
            (Host with { Transport = (CandidateTransport)2 }, CandidateAttributeStatus.UnknownTransport),
            (Host with { Priority = 0 }, CandidateAttributeStatus.MalformedPriority),
            (Host with { Priority = 1u << 31 }, CandidateAttributeStatus.MalformedPriority),
            (Host with { Address = default }, CandidateAttributeStatus.MalformedAddress),
            (Host with { HostName = "x.local", HostPort = 1 }, CandidateAttributeStatus.MalformedAddress),
            (Host with { Address = default, HostName = "peer.example.org", HostPort = 1 }, CandidateAttributeStatus.MalformedAddress),
            (Host with { HostPort = 1 }, CandidateAttributeStatus.MalformedAddress),
            (Host with { Address = Address("192.0.2.1:0") }, CandidateAttributeStatus.MalformedPort),
            (Host with { Address = default, HostName = "x.local", HostPort = 65536 }, CandidateAttributeStatus.MalformedPort),
            (Host with { Type = (CandidateType)4 }, CandidateAttributeStatus.UnknownType),
            (Host with { RelatedAddress = Address("10.0.0.1:1") }, CandidateAttributeStatus.MalformedRelatedAddress),
            (Reflexive with { RelatedAddress = default(TransportAddress) }, CandidateAttributeStatus.MalformedRelatedAddress),
            (Host with { TcpType = TcpCandidateType.Active }, CandidateAttributeStatus.MalformedTcpType),
            (Host with { Transport = CandidateTransport.Tcp }, CandidateAttributeStatus.MalformedTcpType),
            (Host with { Transport = CandidateTransport.Tcp, TcpType = (TcpCandidateType)4 }, CandidateAttributeStatus.MalformedTcpType),
            (Host with { Transport = CandidateTransport.Tcp, TcpType = TcpCandidateType.Active }, CandidateAttributeStatus.MalformedPort),
            (With("raddr", "1"), CandidateAttributeStatus.MalformedExtension),
            (With("RPORT", "1"), CandidateAttributeStatus.MalformedExtension),
            (With("", "1"), CandidateAttributeStatus.MalformedExtension),
            (With("a b", "1"), CandidateAttributeStatus.MalformedExtension),
            (With("a", "1 2"), CandidateAttributeStatus.MalformedExtension),
            (With("a", "1\r\na=ice-lite"), CandidateAttributeStatus.MalformedExtension),
            (Host with { Extensions = [.. Enumerable.Repeat(KeyValuePair.Create("a", "b"), 17)] }, CandidateAttributeStatus.MalformedExtension),
            (With("a", new string('b', 500)), CandidateAttributeStatus.TooLong),
        ];
        Assert.All(cases, static one =>
        {
            Assert.Equal(one.Status, CandidateAttribute.Validate(one.Candidate));
            Assert.Throws<ArgumentException>(() => CandidateAttribute.Format(one.Candidate));
        });

        static Candidate With(string name, string value) => Host with { Extensions = [KeyValuePair.Create(name, value)] };
    }

    [Fact]
    public void Format_512Characters_IsTheMost()
    {
        int plain = CandidateAttribute.Format(Host).Length;
        string fitting = new('b', CandidateAttribute.MaxWrittenLength - plain - " a ".Length);
        string line = CandidateAttribute.Format(Host with { Extensions = [KeyValuePair.Create("a", fitting)] });
        Assert.Equal(CandidateAttribute.MaxWrittenLength, line.Length);
        Assert.Equal(
            CandidateAttributeStatus.TooLong,
            CandidateAttribute.Validate(Host with { Extensions = [KeyValuePair.Create("a", fitting + "b")] }));
    }

    [Fact]
    public void Equals_CandidatesWithEqualExtensionsInOtherLists_AreEqual()
    {
        Candidate one = Host with { Extensions = [KeyValuePair.Create("a", "b")] };
        Candidate other = Host with { Extensions = new List<KeyValuePair<string, string>> { new("a", "b") } };
        Assert.Equal(one, other);
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
        Assert.NotEqual(one, Host);
        Assert.NotEqual(one, one with { Foundation = "2" });
    }

    internal static TransportAddress Address(string text)
    {
        Assert.True(TransportAddress.TryParse(text, out TransportAddress address), text);
        return address;
    }

    internal static Candidate Parse(string line)
    {
        Assert.Equal((CandidateAttributeStatus.Ok, 0), (CandidateAttribute.Parse(line, out Candidate? candidate, out int position), position));
        return candidate!;
    }
}
