using System;
using System.Linq;
using Stack.Stun;
using Xunit;

namespace Stack.Ice.Tests;

/// <summary>RFC 8445 sections 5, 6.1 and 7.1 to 7.2.4: what is paired, and what stands in a check.</summary>
public sealed class Rfc8445RequestTests
{
    [Theory]
    [InlineData(IceRole.Controlling, StunAttributeType.IceControlling)]
    [InlineData(IceRole.Controlled, StunAttributeType.IceControlled)]
    public void Check_First_HasExactlyTheAttributesOfItsRole(IceRole role, StunAttributeType attribute)
    {
        using ScriptedPeer peer = ScriptedPeer.Begun(new IceAgentOptions { Role = role });
        SentMessage check = Assert.Single(peer.Sent);
        StunAttributeType[] expected =
            [StunAttributeType.Username, StunAttributeType.Priority, attribute, StunAttributeType.MessageIntegrity, StunAttributeType.Fingerprint];
        Assert.Equal(expected.Order(), check.Types);
        Assert.Equal($"peer:{peer.Agent.LocalParameters.Credentials.UsernameFragment}", check.Username);
        Assert.True(check.IsProtectedBy(peer.Credentials.Password));
        Assert.True(check.HasFingerprint);
        Assert.Equal(role, check.Role!.Value.Role);
        Assert.Equal(CandidatePriority.Compute(CandidateType.PeerReflexive, 65535, 1), check.Priority);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void UseCandidate_TwoAgents_IsSentByTheControllingOneToOnePairAlone(bool byTheBook)
    {
        IceStrategy strategy = byTheBook ? IceStrategy.Rfc8445 : IceStrategy.Default;
        for (int seed = 0; seed < 30; seed++)
        {
            using var wire = new Wire(
                new IceAgentOptions { Role = IceRole.Controlling, Strategy = strategy }, new IceAgentOptions { Role = IceRole.Controlled, Strategy = strategy }, seed)
            {
                Loss = 0.2,
            };
            foreach (string host in (string[])["192.0.2.1:5000", "198.51.100.1:5000", "[2001:db8::1]:5000"])
            {
                wire.A.AddHost(host, wire.Now);
            }

            foreach (string host in (string[])["192.0.2.2:6000", "[2001:db8::2]:6000"])
            {
                wire.B.AddHost(host, wire.Now);
            }

            wire.Signal();
            wire.Run(TimeSpan.FromSeconds(25));
            Assert.Equal(IceSessionState.Completed, wire.A.Agent.State);
            SentPacket[] nominations = [.. wire.A.Sent.Where(static packet => packet.Nominates)];
            Assert.NotEmpty(nominations);
            Assert.Single(nominations.Select(static packet => (packet.From, packet.To)).Distinct());
            Assert.DoesNotContain(wire.B.Sent, static packet => packet.Nominates);
            Assert.Single(wire.A.Events, static e => e.Event.Kind == IceEventKind.Selected);
        }
    }

    [Fact]
    public void TieBreaker_AllStreams_IsTheSame()
    {
        using var peer = new ScriptedPeer(new IceAgentOptions { Streams = [1, 2] });
        peer.AddBase(0, "192.0.2.1:5000");
        peer.AddBase(1, "192.0.2.1:5001", stream: 1);
        peer.AddBase(2, "192.0.2.1:5002", stream: 1, component: 2);
        peer.Begin();
        peer.AddRemote("192.0.2.2:6000");
        peer.AddRemote("192.0.2.2:6001", stream: 1, foundation: "2");
        peer.AddRemote("192.0.2.2:6002", stream: 1, component: 2, foundation: "3");
        peer.Run(5);
        Assert.Equal(3, peer.Requests.Select(static request => request.BaseId).Distinct().Count());
        Assert.Single(peer.Requests.Select(static request => request.Role).Distinct());
    }

    [Fact]
    public void RelayedCandidate_Checked_WantsAPermissionForTheAddressFirst()
    {
        using var peer = new ScriptedPeer();
        peer.AddBase(0, "203.0.113.9:49152", CandidateType.Relayed);
        peer.Begin();
        peer.AddRemote("192.0.2.2:6000");
        peer.AddRemote("192.0.2.2:6001", priority: 1_999_999_000);
        IceEvent wanted = Assert.Single(peer.Events, static e => e.Kind == IceEventKind.PermissionWanted);
        Assert.True(wanted.Remote.HasSameAddress(Wire.Address("192.0.2.2:6000")));
        Assert.Equal(0, wanted.BaseId);
    }

    [Fact]
    public void ReflexiveCandidate_Paired_IsReplacedByItsBase()
    {
        using ScriptedPeer peer = ScriptedPeer.Begun();
        peer.AddBase(0, "203.0.113.1:7000", CandidateType.ServerReflexive, over: "192.0.2.1:5000");
        Assert.Single(peer.Agent.Pairs);
        Assert.Equal(Wire.Address("192.0.2.1:5000"), peer.Agent.Pairs[0].Local.Address);
    }

    [Theory]
    [InlineData("[fe80::1]:5000", "[fe80::2]:6000", true)]
    [InlineData("[fe80::1]:5000", "[2001:db8::2]:6000", false)]
    [InlineData("[2001:db8::1]:5000", "[fe80::2]:6000", false)]
    [InlineData("[2001:db8::1]:5000", "192.0.2.2:6000", false)]
    public void LinkLocalAddresses_ArePairedWithEachOtherAlone(string local, string remote, bool paired)
    {
        using var peer = new ScriptedPeer();
        peer.AddBase(0, local);
        peer.Begin();
        Assert.Equal(RemoteCandidateStatus.Added, peer.AddRemote(remote));
        Assert.Equal(paired ? 1 : 0, peer.Agent.Pairs.Count);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(5)]
    public void Pairs_InAllChecklists_AreLimitedAsConfigured(int limit)
    {
        using var peer = new ScriptedPeer(new IceAgentOptions { Streams = [2, 2], Limits = limit == 100 ? IceLimits.Default : new IceLimits { MaxPairs = limit } });
        for (int i = 0; i < 24; i++)
        {
            peer.AddBase(i, $"192.0.2.{i + 1}:5000", stream: i % 2, component: (i / 2 % 2) + 1);
        }

        peer.Begin();
        for (int i = 0; i < 80; i++)
        {
            peer.AddRemote($"198.51.100.{i + 1}:6000", stream: i % 2, component: (i / 2 % 2) + 1, priority: 1_000_000 + (uint)i, foundation: $"{i}");
            Assert.True(peer.Agent.Pairs.Count <= limit);
        }

        peer.Run(5);
        Assert.True(peer.Agent.Pairs.Count <= limit);
    }

    [Fact]
    public void LocalCandidates_OfAStream_HavePrioritiesOfTheirOwn()
    {
        using var peer = new ScriptedPeer(new IceAgentOptions { Streams = [2] });
        for (int i = 0; i < 12; i++)
        {
            Assert.NotNull(peer.AddBase(i, $"192.0.2.{i + 1}:5000", i % 3 == 0 ? CandidateType.Relayed : CandidateType.Host, component: (i % 2) + 1));
        }

        uint[] priorities = [.. peer.Agent.GetLocalCandidates(0).Select(static candidate => candidate.Priority)];
        Assert.Equal(12, priorities.Distinct().Count());
        Assert.All(priorities, static priority => Assert.InRange(priority, 1u, 0x7FFFFFFFu));
    }

    [Theory]
    [InlineData("127.0.0.1:5000")]
    [InlineData("[::1]:5000")]
    [InlineData("[::192.0.2.1]:5000")]
    [InlineData("[fec0::1]:5000")]
    [InlineData("0.0.0.0:5000")]
    [InlineData("[ff02::1]:5000")]
    public void LocalCandidate_OfAKindThatMustNotBeTold_IsLeftOut(string address)
    {
        using var peer = new ScriptedPeer();
        Assert.Null(peer.AddBase(0, address));
        Assert.Empty(peer.Agent.GetLocalCandidates(0));
    }

    [Fact]
    public void RelayedCandidate_IdenticalToAHostCandidate_IsDiscarded()
    {
        using var peer = new ScriptedPeer();
        Assert.NotNull(peer.AddBase(0, "192.0.2.1:5000"));
        Assert.Null(peer.AddBase(1, "192.0.2.1:5000", CandidateType.Relayed));
        Assert.Single(peer.Agent.GetLocalCandidates(0));
    }

    [Fact]
    public void Credentials_OfManyAgents_AreRandomAndLongEnough()
    {
        IceCredentials[] drawn = [.. Enumerable.Range(0, 200).Select(static seed => new IceAgent(new IceAgentOptions(), new TestKit.SeededRandom((ulong)seed)).LocalParameters.Credentials)];

        // 6 bits a character: 24 bits and 128 bits of RFC 8445 section 5.3.
        Assert.All(drawn, static credentials => Assert.True(credentials.UsernameFragment.Length >= 4 && credentials.Password.Length >= 22));
        Assert.Equal(200, drawn.Select(static credentials => credentials.UsernameFragment).Distinct().Count());
        Assert.Equal(200, drawn.Select(static credentials => credentials.Password).Distinct().Count());
    }

    [Theory]
    [InlineData(false, IceRole.Controlling, false, IceRole.Controlling)]
    [InlineData(false, IceRole.Controlled, false, IceRole.Controlled)]
    [InlineData(false, IceRole.Controlled, true, IceRole.Controlling)]
    [InlineData(true, IceRole.Controlling, false, IceRole.Controlled)]
    public void Role_FullAndLite_FollowsTheTable(bool lite, IceRole asked, bool remoteLite, IceRole expected)
    {
        using var peer = new ScriptedPeer(new IceAgentOptions { IsLite = lite, Role = asked });
        peer.AddBase(0, "192.0.2.1:5000");
        peer.Begin(lite: remoteLite);
        Assert.Equal(expected, peer.Agent.Role);
    }

    [Fact]
    public void Ice2_InTheParameters_IsAlwaysTold()
    {
        using var peer = new ScriptedPeer(new IceAgentOptions { IsLite = true });
        Assert.True(peer.Agent.LocalParameters.SupportsIce2);
        peer.Agent.Restart(peer.Now);
        Assert.True(peer.Agent.LocalParameters.SupportsIce2);
    }
}
