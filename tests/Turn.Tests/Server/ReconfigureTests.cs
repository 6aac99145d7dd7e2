using System;
using Stack.Stun;
using Xunit;

namespace Stack.Turn.Tests;

/// <summary>New options while clients are served: live allocations stay as they are, everything that comes is judged anew.</summary>
public sealed class ReconfigureTests : IDisposable
{
    private readonly TurnServerRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public void Reconfigure_Users_OldAllocationGoesOnAndNewUserGetsIn()
    {
        _run.Alice.Allocate().Expect(200);
        _run.Alice.Bind(0x4000, Endpoints.Peer).Expect(200);
        var users = new TestUsers();
        users.Remove("alice");
        users.Set("carol", "secret of carol");
        _run.Do(server => server.Reconfigure(TurnServerRun.Options, users)).Are("next 600");
        _run.Alice.OnChannel(0x4000, "x").Are("1 -> 5.6.7.8:7000 'x'", "next 600");
        _run.FromPeer(1, Endpoints.Peer, "x").Are("0x4000 'x'+0 -> 198.51.100.7:40000 -> 203.0.113.5:3478 Udp", "next 600");
        _run.Alice.Refresh().Expect(401);
        using TurnTestClient carol = _run.Client("carol", Endpoints.Bob);
        carol.Password = "secret of carol";
        carol.Allocate().Expect(200);
    }

    [Fact]
    public void Reconfigure_NoUsers_RequestsAreSilent()
    {
        _run.Alice.Allocate().Expect(200);
        _run.Do(server => server.Reconfigure(TurnServerRun.Options, null));
        _run.Alice.Refresh().AreSilent(TurnServerDisposition.UnknownMethod, "next 600");
        _run.Pass(600).Are("ended alice 203.0.113.1:49152 Expired", "close 1", "next none");
    }

    [Fact]
    public void Reconfigure_Realm_OldRealmIsRefused()
    {
        _run.Alice.Allocate().Expect(200);
        _run.Do(server => server.Reconfigure(TurnServerRun.Options with { Realm = "example.net" }, _run.Users));
        _run.Alice.Refresh().Are("401 Refresh realm=example.net nonce", "next 600");
    }

    // security.md V4: the policy of today is asked at each Send and each new permission.
    [Fact]
    public void Reconfigure_Peers_CountsForWhatComes()
    {
        _run.Alice.Allocate().Expect(200);
        _run.Alice.Permit(Endpoints.Peer).Expect(200);
        _run.Alice.Send(Endpoints.Peer, "x").Are("1 -> 5.6.7.8:7000 'x'", "next 600");
        _run.Do(server => server.Reconfigure(
            TurnServerRun.Options with { Peers = new PeerAddressPolicy(new PeerAddressRules { Deny = PeerAddresses.Networks("5.6.0.0/16") }) },
            _run.Users));
        _run.Alice.Send(Endpoints.Peer, "x").AreSilent(TurnServerDisposition.ForbiddenPeer, "next 600");
        _run.Alice.Permit(Endpoints.Peer).Expect(403);
        _run.Alice.Bind(0x4000, Endpoints.Peer).Expect(403);
    }

    // Quotas are the resources', the rest is the server's.
    [Fact]
    public void Reconfigure_Limits_CountForWhatComes()
    {
        _run.Alice.Allocate().Expect(200);
        TurnServerLimits limits = TurnServerRun.Options.Limits with { AllocationsPerUser = 1, ChannelsPerAllocation = 1, MaxLifetime = TimeSpan.FromSeconds(700) };
        _run.Resources.Reconfigure(limits, ReplyRateLimit.Default);
        _run.Do(server => server.Reconfigure(TurnServerRun.Options with { Limits = limits }, _run.Users));
        using TurnTestClient second = _run.Client("alice", Endpoints.Alice.WithPort(1));
        second.Allocate().Expect(486);
        _run.Alice.Bind(0x4000, Endpoints.Peer).Expect(200);
        _run.Alice.Bind(0x4001, "5.6.7.8:7001").Expect(508);
        Assert.Equal(700U, _run.Alice.Refresh(3600).Lifetime);
    }

    // A port range that changes leaves what is out where it is, and gets it back.
    [Fact]
    public void Reconfigure_Ports_CountForWhatComes()
    {
        _run.Alice.Allocate().Expect(200);
        _run.Resources.Reconfigure(TurnServerRun.Options.Limits with { FirstPort = 50000, LastPort = 50000 }, ReplyRateLimit.Default);
        Assert.Equal(50000, Assert.Single(_run.Bob.Allocate().Relayed).Port);
        _run.Alice.Refresh(0).Expect(200);
        _run.Bob.Refresh(0).Expect(200);
        Assert.Equal(0, _run.Resources.PortsInUse);
    }

    // The budgets of the unproven can be changed and switched off.
    [Fact]
    public void Reconfigure_Replies_CountFromNow()
    {
        for (int i = 0; i < 20; i++)
        {
            _run.Bob.Learn();
        }

        _run.Resources.Reconfigure(TurnServerRun.Options.Limits, null);
        for (int i = 0; i < 100; i++)
        {
            _run.Bob.Learn();
        }
    }

    [Fact]
    public void Reconfigure_RelayAddresses_OldOnesServeTheirAllocations()
    {
        _run.Alice.Allocate().Expect(200);
        _run.Alice.Permit(Endpoints.Peer).Expect(200);
        _run.Do(server => server.Reconfigure(TurnServerRun.Options with { RelayAddresses = [new RelayAddress(Endpoints.Relay6)] }, _run.Users));
        _run.Alice.Send(Endpoints.Peer, "x").Are("1 -> 5.6.7.8:7000 'x'", "next 600");
        _run.Bob.Allocate().Expect(440);
        _run.Alice.Refresh(0).Are("200 Refresh lifetime=0 MI", "ended alice 203.0.113.1:49152 Deleted", "close 1", "next none");
    }

    [Fact]
    public void Dispose_Twice_IsOnce()
    {
        _run.Stop();
        _run.Server.Dispose();
        _run.Server.Dispose();
        Assert.Equal(0, _run.Server.AllocationCount);
    }
}
