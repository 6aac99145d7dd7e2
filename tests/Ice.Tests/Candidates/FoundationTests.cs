using System.Collections.Generic;
using System.Linq;
using Stack.Stun;
using Xunit;

namespace Stack.Ice.Tests;

public sealed class FoundationTests
{
    private static readonly LocalCandidate Reflexive = new()
    {
        Type = CandidateType.ServerReflexive,
        BaseId = 1,
        Address = CandidateAttributeTests.Address("203.0.113.1:1000"),
        Base = CandidateAttributeTests.Address("10.0.0.1:2000"),
        Server = CandidateAttributeTests.Address("198.51.100.1:3478"),
    };

    private static readonly LocalCandidate Host = Reflexive with
    {
        Type = CandidateType.Host,
        Address = Reflexive.Base,
        Server = default,
    };

    [Fact]
    public void Equals_OtherPortsComponentsAndMappedAddress_AreTheSame()
    {
        Foundation foundation = Foundation.Of(Reflexive);
        Assert.Equal(foundation, Foundation.Of(Reflexive with { Base = CandidateAttributeTests.Address("10.0.0.1:2001") }));
        Assert.Equal(foundation, Foundation.Of(Reflexive with { Server = CandidateAttributeTests.Address("198.51.100.1:3479") }));
        Assert.Equal(foundation, Foundation.Of(Reflexive with { ComponentId = 2, Address = CandidateAttributeTests.Address("203.0.113.2:7"), BaseId = 9 }));
        Assert.Equal(foundation, Foundation.Of(Reflexive with { LocalPreference = 1, Stream = 3 }));
    }

    [Fact]
    public void Equals_OneConditionFails_AreDifferent()
    {
        LocalCandidate[] candidates =
        [
            Reflexive,
            Host,
            Reflexive with { Type = CandidateType.Relayed },
            Reflexive with { Base = CandidateAttributeTests.Address("10.0.0.2:2000") },
            Reflexive with { Server = CandidateAttributeTests.Address("198.51.100.2:3478") },
            Reflexive with { Transport = CandidateTransport.Tcp, TcpType = TcpCandidateType.Passive },
            Host with { Base = CandidateAttributeTests.Address("[::ffff:10.0.0.1]:2000") },
        ];
        Assert.Equal(candidates.Length, candidates.Select(Foundation.Of).Distinct().Count());
        Assert.NotEqual(Foundation.Of(Reflexive), new Foundation(CandidateType.PeerReflexive, CandidateTransport.Udp, Reflexive.Base, Reflexive.Server));
    }

    // The third condition speaks of reflexive and relayed candidates; peer-reflexive ones come from no server.
    [Fact]
    public void Equals_ServerOfHostOrPeerReflexiveCandidate_DoesNotCount()
    {
        Assert.Equal(Foundation.Of(Host), Foundation.Of(Host with { Server = Reflexive.Server }));
        Assert.Equal(
            new Foundation(CandidateType.PeerReflexive, CandidateTransport.Udp, Host.Base, default),
            new Foundation(CandidateType.PeerReflexive, CandidateTransport.Udp, Host.Base, Reflexive.Server));
    }

    // RFC 6544 gives no condition of its own: active and passive ones of one base are both TCP.
    [Fact]
    public void Equals_SidesOfTcp_AreTheSame() => Assert.Equal(
        Foundation.Of(Host with { Transport = CandidateTransport.Tcp, TcpType = TcpCandidateType.Active }),
        Foundation.Of(Host with { Transport = CandidateTransport.Tcp, TcpType = TcpCandidateType.Passive }));

    [Fact]
    public void NameOf_ManyFoundations_AreShortIceCharsAndDifferent()
    {
        var table = new FoundationTable();
        var names = new HashSet<string>();
        for (uint i = 0; i < 1000; i++)
        {
            var foundation = new Foundation(CandidateType.Host, CandidateTransport.Udp, TransportAddress.FromIPv4(0x0A000000 + i, 1), default);
            string name = table.NameOf(foundation);
            Assert.True(names.Add(name));
            Assert.Equal(name, table.NameOf(foundation));
            Assert.InRange(name.Length, 1, 32);
            Assert.True(IceCredentials.IsIceChars(name));
        }

        Assert.Equal(1000, table.Count);
    }

    [Fact]
    public void NameOf_OtherAddressesInTheSameOrder_SaysNothingOfThem()
    {
        var one = new FoundationTable();
        var other = new FoundationTable();
        LocalCandidate elsewhere = Host with { Base = CandidateAttributeTests.Address("[2001:db8::77]:1") };
        Assert.Equal(one.NameOf(Foundation.Of(Host)), other.NameOf(Foundation.Of(elsewhere)));
        Assert.Equal(one.NameOf(Foundation.Of(Reflexive)), other.NameOf(Foundation.Of(Reflexive with { Server = elsewhere.Base })));
    }
}
