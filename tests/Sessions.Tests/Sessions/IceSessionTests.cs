using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Threading.Tasks;
using Stack.Ice;
using Stack.Signaling;
using Stack.Stun;
using Stack.Transport;
using Stack.Turn;
using Xunit;

namespace Stack.Sessions.Tests;

public sealed class IceSessionTests
{
    private const int Patience = 120_000;

    [Fact(Timeout = Patience)]
    public async Task Mesh_OfFour_EachIsConnectedToEach()
    {
        await using var server = new CoreServer();
        string[] names = ["alice", "bob", "carol", "dave"];
        var members = new List<SessionMember>();
        foreach (string name in names)
        {
            members.Add(await SessionMember.JoinAsync(server, name));
        }

        Assert.Equal([1, 2, 3, 4], members.Select(static member => member.Session.Id));
        foreach ((SessionMember member, string own) in members.Zip(names))
        {
            foreach (string other in names.Where(name => name != own))
            {
                IceSessionPeer peer = await member.ConnectAsync(other);
                Assert.False(peer.Path!.IsRelayed);
                Assert.Equal(SignalingDialect.Own, peer.Dialect);
            }

            Assert.Equal([1, 2, 3, 4], member.Session.Peers.Select(static peer => peer.Id).Append(member.Session.Id).Order());
        }

        foreach (SessionMember one in members)
        {
            foreach (SessionMember other in members.Where(other => other != one))
            {
                await SessionMember.SayAsync(Find(one, other), Find(other, one), (byte)((one.Session.Id * 16) + other.Session.Id));
            }
        }

        // One leaves: the others are told at once, and stay with each other.
        await members[1].DisposeAsync();
        foreach (SessionMember member in members.Where((_, index) => index != 1))
        {
            IceSessionEvent gone = await member.WaitForAsync(IceSessionEventKind.PeerGone);
            Assert.Equal("bob", gone.Peer!.Name);
            Assert.Null(gone.Peer.Connection);
            Assert.Equal(2, member.Session.Peers.Count);
            Assert.DoesNotContain(IceSessionEventKind.Failed, member.Held);
        }

        await SessionMember.SayAsync(Find(members[0], members[2]), Find(members[2], members[0]), 1);
        await DisposeAsync(members);
    }

    // The signaling goes and comes back in time: nobody notices.
    [Fact(Timeout = Patience)]
    public async Task SignalingLost_AndBackInTime_ConnectionsStayWhatTheyAre()
    {
        await using var server = new CoreServer();
        await using SessionMember alice = await SessionMember.JoinAsync(server, "alice");
        await using SessionMember bob = await SessionMember.JoinAsync(server, "bob");
        IceConnection before = (await alice.ConnectAsync("bob")).Connection!;
        await bob.ConnectAsync("alice");
        server.Break();
        await alice.WaitForAsync(IceSessionEventKind.SignalingLost);
        await bob.WaitForAsync(IceSessionEventKind.SignalingLost);
        await SessionMember.SayAsync(Find(alice, bob), Find(bob, alice), 1);
        await alice.WaitForAsync(IceSessionEventKind.SignalingResumed);
        await bob.WaitForAsync(IceSessionEventKind.SignalingResumed);
        Assert.Equal((1, 2), (alice.Session.Id, bob.Session.Id));
        Assert.Same(before, Find(alice, bob));
        await SessionMember.SayAsync(Find(alice, bob), Find(bob, alice), 2);

        // And it still serves: a third one comes.
        await using SessionMember carol = await SessionMember.JoinAsync(server, "carol");
        await alice.ConnectAsync("carol");
        await bob.ConnectAsync("carol");
        Assert.DoesNotContain(IceSessionEventKind.PeerGone, alice.Held.Concat(bob.Held));
    }

    // The server was killed and knows nobody: all join anew, under other numbers, and what they had lives until the new connections do.
    [Fact(Timeout = Patience)]
    public async Task ServerForgetsAll_EverybodyJoinsAnew_AndTheOldConnectionsGoWhenTheNewOnesAreThere()
    {
        await using var server = new CoreServer();
        await using SessionMember first = await SessionMember.JoinAsync(server, "first");
        await first.DisposeAsync();
        await using SessionMember alice = await SessionMember.JoinAsync(server, "alice");
        await using SessionMember bob = await SessionMember.JoinAsync(server, "bob");
        IceSessionPeer before = await alice.ConnectAsync("bob");
        IceConnection connection = before.Connection!;
        await bob.ConnectAsync("alice");
        Assert.Equal((2, 3), (alice.Session.Id, bob.Session.Id));
        server.Restart();
        await alice.WaitForAsync(IceSessionEventKind.Joined);
        await bob.WaitForAsync(IceSessionEventKind.Joined);
        Assert.Equal(3, alice.Session.Id + bob.Session.Id);
        await alice.ConnectAsync("bob");
        await bob.ConnectAsync("alice");
        while (alice.Session.Peers.Count != 1 || bob.Session.Peers.Count != 1)
        {
            await Task.Delay(5);
        }

        Assert.Equal(IceSessionState.Closed, connection.State);
        await SessionMember.SayAsync(Find(alice, bob), Find(bob, alice), 7);
    }

    // It has lost the server, not us.
    [Fact(Timeout = Patience)]
    public async Task Peer_LostByTheServerAlone_StaysConnected_UntilItLeaves()
    {
        await using var server = new CoreServer();
        await using SessionMember alice = await SessionMember.JoinAsync(server, "alice");
        await using SessionMember bob = await SessionMember.JoinAsync(server, "bob");
        IceSessionPeer peer = await alice.ConnectAsync("bob");
        await bob.ConnectAsync("alice");
        server.IsBusy = true;
        server.Break(1);
        await bob.WaitForAsync(IceSessionEventKind.SignalingLost);
        while (server.OpenSockets != 1)
        {
            await Task.Delay(5);
        }

        server.Advance(TimeSpan.FromSeconds(16));
        await SessionMember.SayAsync(Find(bob, alice), peer.Connection!, 3);
        Assert.Same(peer, Assert.Single(alice.Session.Peers));

        // It comes back as somebody else, whose connection takes the place of the old one.
        server.IsBusy = false;
        await bob.WaitForAsync(IceSessionEventKind.Joined);
        Assert.Equal(3, bob.Session.Id);
        IceSessionPeer again = await alice.ConnectAsync("bob");
        Assert.Equal(3, again.Id);
        Assert.Same(peer, (await alice.WaitForAsync(IceSessionEventKind.PeerGone)).Peer);
        await bob.ConnectAsync("alice");
        await SessionMember.SayAsync(Find(bob, alice), Find(alice, bob), 4);
        await bob.DisposeAsync();
        Assert.Same(again, (await alice.WaitForAsync(IceSessionEventKind.PeerGone)).Peer);
    }

    // A network changes, on one side, on the other, and on both at the same time.
    [Fact(Timeout = Patience)]
    public async Task Restart_OfEitherSideOrBoth_GoesThroughTheSignaling()
    {
        await using var server = new CoreServer();
        await using SessionMember alice = await SessionMember.JoinAsync(server, "alice");
        await using SessionMember bob = await SessionMember.JoinAsync(server, "bob");
        IceConnection one = (await alice.ConnectAsync("bob")).Connection!;
        IceConnection other = (await bob.ConnectAsync("alice")).Connection!;
        byte value = 0;
        foreach (IceConnection[] restarting in (IceConnection[][])[[one], [other], [one, other], [other, one]])
        {
            string[] before = [Fragment(one), Fragment(other)];
            await Task.WhenAll(restarting.Select(static connection => connection.RestartAsync()));
            Assert.DoesNotContain(Fragment(one), before);
            Assert.DoesNotContain(Fragment(other), before);
            await SessionMember.SayAsync(one, other, ++value);
            await SessionMember.SayAsync(other, one, ++value);
        }

        Assert.Same(one, Find(alice, bob));
        Assert.DoesNotContain(IceSessionEventKind.Disconnected, alice.Held.Concat(bob.Held));

        static string Fragment(IceConnection connection) => connection.LocalParameters.Credentials.UsernameFragment;
    }

    [Fact(Timeout = Patience)]
    public async Task Relay_ThatTheServerTells_IsUsed()
    {
        const string Realm = "test";
        await using TurnServerHost relay = await TurnServerHost.StartAsync(new TurnServerHostOptions
        {
            Realm = Realm,
            Credentials = new StaticCredentialSource(Realm, [StaticUser.FromPassword("1:u", "secret")]),
            PeerRules = new PeerAddressRules { Allow = [new AddressPrefix(TransportAddress.FromIPAddress(IPAddress.Loopback, 0), 32)] },
            Listen = [new StunListenEndPoint(StunTransport.Udp, new IPEndPoint(IPAddress.Loopback, 0))],
        });
        await using var server = new CoreServer
        {
            Relays = new RelayServers(
                [
                    new RelayServer(["http://192.0.2.1"]),
                    new RelayServer(["turn:192.0.2.1"]),
                    new RelayServer([$"turn:{relay.EndPoints[0].EndPoint}?transport=udp"], "1:u", "secret"),
                ],
                TimeSpan.FromHours(1)),
        };
        IceOptions relayOnly = NegotiatingPeer.Loopback with { Policy = IcePolicy.RelayOnly };
        await using SessionMember alice = await SessionMember.JoinAsync(SessionMember.Options(server, "alice") with { Ice = relayOnly });
        await using SessionMember bob = await SessionMember.JoinAsync(SessionMember.Options(server, "bob") with { Ice = relayOnly });
        IceSessionPeer peer = await alice.ConnectAsync("bob");
        await bob.ConnectAsync("alice");
        Assert.True(peer.Path!.IsRelayed);
        Assert.Equal(CandidateType.Relayed, peer.Path.Local.Type);
        await SessionMember.SayAsync(Find(alice, bob), Find(bob, alice), 1);
        await alice.WaitForAsync(static happened => happened.Kind == IceSessionEventKind.Warning && happened.Reason!.Contains("neither STUN nor TURN", StringComparison.Ordinal));
        await alice.WaitForAsync(static happened => happened.Kind == IceSessionEventKind.Warning && happened.Reason!.Contains("without a credential", StringComparison.Ordinal));
    }

    [Fact(Timeout = Patience)]
    public async Task RelayOnly_NobodyNamesARelay_IsRefusedAtOnce()
    {
        await using var server = new CoreServer();
        SignalingException error = await Assert.ThrowsAsync<SignalingException>(() => IceSession.JoinAsync(
            SessionMember.Options(server, "alice") with { Ice = NegotiatingPeer.Loopback with { Policy = IcePolicy.RelayOnly } }));
        Assert.Equal(SignalingFailure.NoRelay, error.Failure);
    }

    // The two smallest numbers are the pair; the third stands by until one of them has gone.
    [Fact(Timeout = Patience)]
    public async Task Villas_ThirdStandsBy_UntilThePairChanges()
    {
        await using var server = new CoreServer();
        await using SessionMember one = await SessionMember.JoinAsync(server, "one", SignalingDialect.Villas);
        await using SessionMember two = await SessionMember.JoinAsync(server, "two", SignalingDialect.Villas);
        await one.ConnectAsync("two");
        IceConnection connection = (await two.ConnectAsync("one")).Connection!;
        await using SessionMember three = await SessionMember.JoinAsync(server, "three", SignalingDialect.Villas);
        await two.WaitForAsync(static happened => happened.Kind == IceSessionEventKind.PeerJoined && happened.Peer!.Name == "three");
        Assert.Equal(2, three.Session.Peers.Count);
        Assert.All(three.Session.Peers, static peer => Assert.Null(peer.Connection));
        await SessionMember.SayAsync(Find(one, two), Find(two, one), 1);

        // Who leaves is listed once more, so that the others learn of it with whoever comes next.
        await one.DisposeAsync();
        await using SessionMember four = await SessionMember.JoinAsync(server, "four", SignalingDialect.Villas);
        Assert.Equal("one", (await two.WaitForAsync(IceSessionEventKind.PeerGone)).Peer!.Name);
        Assert.Equal(IceSessionState.Closed, connection.State);
        await two.ConnectAsync("three");
        await three.ConnectAsync("two");
        await SessionMember.SayAsync(Find(two, three), Find(three, two), 2);
    }

    [Theory(Timeout = Patience)]
    [InlineData(SignalingDialect.Own, SignalingDialect.Villas)]
    [InlineData(SignalingDialect.Villas, SignalingDialect.Own)]
    [InlineData(SignalingDialect.Own, SignalingDialect.LibDataChannel)]
    [InlineData(SignalingDialect.LibDataChannel, SignalingDialect.Own)]
    public async Task Dialects_ThatDiffer_MeetInOneSession(SignalingDialect first, SignalingDialect second)
    {
        await using var server = new CoreServer();
        await using SessionMember one = await SessionMember.JoinAsync(server, "one", first);
        await using SessionMember two = await SessionMember.JoinAsync(server, "two", second);
        IceSessionPeer other = (await one.WaitForAsync(IceSessionEventKind.Connected)).Peer!;
        IceSessionPeer own = (await two.WaitForAsync(IceSessionEventKind.Connected)).Peer!;
        await SessionMember.SayAsync(other.Connection!, own.Connection!, 1);
        await SessionMember.SayAsync(own.Connection!, other.Connection!, 2);
    }

    [Fact(Timeout = Patience)]
    public async Task LibDataChannel_CallsByHand_AndTheCalledAnswers()
    {
        await using var server = new CoreServer();
        await using SessionMember callee = await SessionMember.JoinAsync(server, "bObX", SignalingDialect.LibDataChannel);
        await using SessionMember caller = await SessionMember.JoinAsync(SessionMember.Options(server, "aLiC", SignalingDialect.LibDataChannel) with { Call = ["bObX"] });
        await caller.ConnectAsync("bObX");
        await callee.ConnectAsync("aLiC");
        await SessionMember.SayAsync(Find(caller, callee), Find(callee, caller), 1);
    }

    private static IceConnection Find(SessionMember member, SessionMember other)
        => member.Session.Peers.Single(peer => peer.Connection is not null && (other.Session.Id == 0 || peer.Id == other.Session.Id)).Connection!;

    private static async Task DisposeAsync(IEnumerable<SessionMember> members)
    {
        foreach (SessionMember member in members)
        {
            await member.DisposeAsync();
        }
    }
}
