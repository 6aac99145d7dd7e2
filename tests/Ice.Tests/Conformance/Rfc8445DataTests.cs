using System;
using System.Linq;
using Stack.Stun;
using Xunit;

namespace Stack.Ice.Tests;

/// <summary>RFC 8445 sections 8 to 12: conclusion, restarts, keepalives, data.</summary>
public sealed class Rfc8445DataTests
{
    private const string Source = "192.0.2.2:6000";

    [Fact]
    public void Nominations_OfAnAggressivePeer_TheBestPairIsSelected()
    {
        using ScriptedPeer peer = ScriptedPeer.Begun(new IceAgentOptions { Role = IceRole.Controlled });
        peer.AddRemote("192.0.2.2:6001", priority: 2_000_000_001);
        peer.AddRemote("192.0.2.2:6002", priority: 1_999_999_999);
        foreach (string each in (string[])[Source, "192.0.2.2:6001", "192.0.2.2:6002"])
        {
            peer.Request(each, nominates: true);
        }

        peer.Run(2, request => peer.Answer(request));
        Assert.Equal(Wire.Address("192.0.2.2:6001"), peer.Agent.GetSelectedPair(0, 1)!.RemoteAddress);
        Assert.True(peer.HasRoute(out IceRoute route));
        Assert.Equal(Wire.Address("192.0.2.2:6001"), route.Destination);
    }

    [Fact]
    public void Nomination_RemovesTheOtherPairsOfTheComponent()
    {
        using ScriptedPeer peer = ScriptedPeer.Begun(new IceAgentOptions { Role = IceRole.Controlled });
        for (int i = 1; i < 20; i++)
        {
            peer.AddRemote($"198.51.100.{i}:6000", priority: 1_000_000 + (uint)i, foundation: $"{i + 1}");
        }

        peer.Request(Source, nominates: true);
        peer.Answer(peer.Requests.Last(static request => request.To == Wire.Address(Source)));
        Assert.Single(peer.Agent.Pairs);
        int sent = peer.Requests.Count();
        peer.Run(3.9);
        Assert.Equal(sent, peer.Requests.Count());
    }

    [Fact]
    public void Bases_NotSelected_AreUnusedThreeSecondsAfterTheEnd()
    {
        using ScriptedPeer peer = ScriptedPeer.Completed();
        peer.AddBase(1, "192.0.2.7:5000");
        peer.Run(2.9);
        Assert.DoesNotContain(peer.Events, static e => e.Kind == IceEventKind.BaseUnused);
        peer.Run(0.2);
        Assert.Equal(1, Assert.Single(peer.Events, static e => e.Kind == IceEventKind.BaseUnused).BaseId);
    }

    [Theory]
    [InlineData(IceRole.Controlling)]
    [InlineData(IceRole.Controlled)]
    public void Restart_ChangesBothCredentialsAndKeepsTheRole(IceRole role)
    {
        using ScriptedPeer peer = ScriptedPeer.Begun(new IceAgentOptions { Role = role });
        IceCredentials before = peer.Agent.LocalParameters.Credentials;
        Assert.True(peer.Agent.Restart(peer.Now));
        IceCredentials after = peer.Agent.LocalParameters.Credentials;
        Assert.NotEqual(before.UsernameFragment, after.UsernameFragment);
        Assert.NotEqual(before.Password, after.Password);
        Assert.Equal(role, peer.Agent.Role);
        peer.Credentials = new IceCredentials("peer2", "passwordofthepeer67890");
        peer.Begin();
        Assert.Equal(role, peer.Agent.Role);
        Assert.Empty(peer.Agent.Pairs);
    }

    [Fact]
    public void Restart_OfThePeer_IsAnsweredWithNewCredentials()
    {
        using ScriptedPeer peer = ScriptedPeer.Completed();
        IceCredentials before = peer.Agent.LocalParameters.Credentials;
        peer.Credentials = new IceCredentials("peer2", "passwordofthepeer67890");
        Assert.True(peer.Begin());
        Assert.NotEqual(before, peer.Agent.LocalParameters.Credentials);
        Assert.True(peer.HasRoute(out _));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Restart_PeerBecomesLite_FullAgentControls(bool restarts)
    {
        using ScriptedPeer peer = ScriptedPeer.Begun(new IceAgentOptions { Role = IceRole.Controlled });
        if (restarts)
        {
            peer.Credentials = new IceCredentials("peer2", "passwordofthepeer67890");
        }

        peer.Begin(lite: true);
        Assert.Equal(restarts ? IceRole.Controlling : IceRole.Controlled, peer.Agent.Role);
    }

    [Fact]
    public void Keepalives_WithoutConsent_AreBareIndicationsAfter15SecondsOfSilence()
    {
        using ScriptedPeer peer = ScriptedPeer.Completed(new IceAgentOptions { ChecksConsent = false });
        peer.Sent.Clear();
        peer.Run(14.9);
        Assert.Empty(peer.Sent);
        peer.Run(0.2);
        SentMessage keepalive = Assert.Single(peer.Sent);
        Assert.Equal(StunClass.Indication, keepalive.Class);
        Assert.Equal([StunAttributeType.Fingerprint], keepalive.Types);
        Assert.Equal(Wire.Address(Source), keepalive.To);
        peer.Run(100);
        Assert.InRange(peer.Sent.Count, 7, 8);
    }

    [Fact]
    public void Keepalives_WhileDataFlows_AreNotNeeded()
    {
        using ScriptedPeer peer = ScriptedPeer.Completed(new IceAgentOptions { ChecksConsent = false });
        peer.Sent.Clear();
        for (int i = 0; i < 20; i++)
        {
            Assert.True(peer.HasRoute(out _));
            peer.Run(10);
        }

        Assert.Empty(peer.Sent);
    }

    [Fact]
    public void Close_StopsAllTransmits()
    {
        foreach (bool consent in (bool[])[true, false])
        {
            using ScriptedPeer peer = ScriptedPeer.Completed(new IceAgentOptions { ChecksConsent = consent });
            peer.Agent.Close(peer.Now);
            peer.Sent.Clear();
            peer.Run(120);
            Assert.Empty(peer.Sent);
            Assert.False(peer.HasRoute(out _));
            Assert.Null(peer.Agent.NextTimeout);
        }
    }

    [Fact]
    public void Options_AgainstAMustNot_AreRefused()
    {
        foreach (IceAgentOptions options in (IceAgentOptions[])
            [
                new() { KeepaliveInterval = TimeSpan.FromSeconds(14.9) }, new() { ConsentInterval = TimeSpan.FromSeconds(4.9) },
                new() { ConsentExpiry = TimeSpan.FromSeconds(30.1) }, new() { Streams = [257] }, new() { Streams = [0] },
            ])
        {
            Assert.Throws<ArgumentException>(() => new ScriptedPeer(options));
        }
    }

    [Fact]
    public void Data_BeforeNomination_GoesOverAValidPair_AfterItOverTheSelectedOneAlone()
    {
        using ScriptedPeer peer = ScriptedPeer.Begun(new IceAgentOptions { Role = IceRole.Controlled });
        peer.AddRemote("192.0.2.2:6001", priority: 1_000_000_000);
        peer.Run(0.05);
        Assert.False(peer.HasRoute(out _));
        peer.Answer(peer.Requests.First(static request => request.To == Wire.Address(Source)));
        Assert.True(peer.HasRoute(out IceRoute route));
        Assert.Equal(Wire.Address(Source), route.Destination);
        peer.Request("192.0.2.2:6001", nominates: true);
        peer.Answer(peer.Requests.Last(static request => request.To == Wire.Address("192.0.2.2:6001")));
        Assert.True(peer.HasRoute(out route));
        Assert.Equal(Wire.Address("192.0.2.2:6001"), route.Destination);
    }

    [Fact]
    public void Data_AfterTheSelectedBaseIsGone_GoesOverAnotherValidPair()
    {
        using ScriptedPeer peer = ScriptedPeer.Begun(new IceAgentOptions { Role = IceRole.Controlled });
        peer.AddBase(1, "192.0.2.7:5000");
        peer.Run(1, request => peer.Answer(request));
        peer.Request(Source, nominates: true);
        peer.Answer(peer.Requests.First());
        Assert.Equal(0, peer.Agent.GetSelectedPair(0, 1)!.BaseId);
        peer.Agent.RemoveBase(0, peer.Now);
        Assert.True(peer.HasRoute(out IceRoute route));
        Assert.Equal(1, route.BaseId);
    }

    [Fact]
    public void Data_PeerAtAnotherAddress_FollowsIt()
    {
        using ScriptedPeer peer = ScriptedPeer.Completed();
        peer.Run(10, request => peer.Answer(request));
        for (int i = 0; i < 3; i++)
        {
            peer.Request("192.0.2.2:6001");
            peer.Run(5, request => peer.Answer(request));
        }

        Assert.True(peer.HasRoute(out IceRoute route));
        Assert.Equal(Wire.Address("192.0.2.2:6001"), route.Destination);
        peer.Request(Source);
        peer.Run(5);
        Assert.Equal(Wire.Address(Source), peer.Agent.GetSelectedPair(0, 1)!.RemoteAddress);
    }

    [Fact]
    public void Data_OfALiteAgent_WaitsForAllComponents()
    {
        using var peer = new ScriptedPeer(new IceAgentOptions { IsLite = true, Streams = [2] });
        peer.AddBase(0, "192.0.2.1:5000");
        peer.AddBase(1, "192.0.2.1:5001", component: 2);
        peer.Begin();
        peer.Request(Source, nominates: true);
        Assert.False(peer.HasRoute(out _));
        peer.Request("192.0.2.2:6001", nominates: true, baseId: 1);
        Assert.True(peer.HasRoute(out _));
        Assert.True(peer.HasRoute(out _, component: 2));
        Assert.Empty(peer.Requests);
    }

    [Fact]
    public void Data_OfAStreamThatFailed_HasNoRoute()
    {
        using var peer = new ScriptedPeer(new IceAgentOptions { Role = IceRole.Controlled, Streams = [2, 1] });
        peer.AddBase(0, "192.0.2.1:5000");
        peer.AddBase(1, "192.0.2.1:5001", component: 2);
        peer.AddBase(2, "192.0.2.1:5002", stream: 1);
        peer.Begin();
        peer.AddRemote(Source);
        peer.AddRemote("192.0.2.2:6001", component: 2, foundation: "2");
        peer.AddRemote("192.0.2.2:6002", stream: 1, foundation: "3");

        // Of the first stream one component of two is reached.
        void Answer(SentMessage request)
        {
            if (request.BaseId != 1)
            {
                peer.Answer(request);
            }
        }

        peer.Requests.ToList().ForEach(Answer);
        peer.Run(20, Answer);
        Assert.True(peer.HasRoute(out _));
        peer.Run(70, Answer);
        Assert.False(peer.HasRoute(out _));
        Assert.True(peer.HasRoute(out _, stream: 1));
        Assert.Equal(0, Assert.Single(peer.Events, static e => e.Kind == IceEventKind.StreamFailed).Stream);
    }

    [Fact]
    public void Data_FromAnAddressThatNoCheckCameFrom_IsDropped()
    {
        using ScriptedPeer peer = ScriptedPeer.Begun(new IceAgentOptions { Role = IceRole.Controlled });
        Assert.Equal(IceDisposition.Unvalidated, peer.Deliver(Source, [0x80, 1, 2, 3]));
        peer.Request(Source);
        Assert.Equal(IceDisposition.ApplicationData, peer.Deliver(Source, [0x80, 1, 2, 3]));
        Assert.Equal(IceDisposition.Unvalidated, peer.Deliver("192.0.2.2:6001", [0x80, 1, 2, 3]));
    }
}
