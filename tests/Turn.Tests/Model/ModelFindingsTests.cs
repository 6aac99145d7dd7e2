using System;
using Stack.Stun;
using Xunit;

namespace Stack.Turn.Tests;

/// <summary>What writing and running the reference model found in the server, case by case.</summary>
public sealed class ModelFindingsTests : IDisposable
{
    private readonly TurnServerRun _run = new();

    public void Dispose() => _run.Dispose();

    // RFC 8489 section 6.3: known-but-unexpected attributes SHOULD be ignored.
    [Fact]
    public void Send_KnownAttributeThatDoesNotBelong_IsRelayed()
    {
        _run.Alice.Allocate().Expect(200);
        _run.Alice.Permit(Endpoints.Peer).Expect(200);
        TurnOutputs outputs = _run.Alice.Indicate(static (ref StunMessageWriter writer) =>
        {
            writer.AddXorPeerAddress(Endpoints.Peer.Value);
            writer.AddLifetime(TimeSpan.FromSeconds(600));
            writer.AddData("x"u8);
        });
        Assert.Equal("1 -> 5.6.7.8:7000 'x'", outputs.Lines[0]);
    }

    [Fact]
    public void DualAllocation_Deleted_IsToldByItsIPv4Address()
    {
        _run.Alice.AllocateDual().Expect(200);
        _run.Alice.Refresh(0).Expect(200);
        Assert.Equal(Endpoints.Relay.WithPort(49152), Assert.IsType<AllocationEnded>(_run.LastEvent).Relayed);
    }

    [Fact]
    public void CreatePermission_LimitLoweredBelowWhatIsThere_RefreshesIt()
    {
        _run.Alice.Allocate().Expect(200);
        _run.Alice.Permit("5.6.7.1:1", "5.6.7.2:1", "5.6.7.3:1").Expect(200);
        _run.Server.Reconfigure(TurnServerRun.Limited(static limits => limits with { PermissionsPerAllocation = 2 }), _run.Users);
        _run.Alice.Permit("5.6.7.1:1", "5.6.7.2:1", "5.6.7.3:1").Expect(200);
        _run.Alice.Permit("5.6.7.4:1").Expect(508);
    }

    [Fact]
    public void ChannelBind_PermissionExpiredAndLimitReached_Responds508()
    {
        _run.Alice.Allocate().Expect(200);
        _run.Alice.Permit("5.6.7.1:1").Expect(200);
        _run.Skip(300);
        _run.Server.Reconfigure(TurnServerRun.Limited(static limits => limits with { PermissionsPerAllocation = 1 }), _run.Users);
        _run.Alice.Permit("5.6.7.2:1").Expect(200);
        _run.Alice.Bind(0x4000, "5.6.7.1:7000").Expect(508);
    }

    [Fact]
    public void NonceKey_ChangedAndThenReconfigured_NoncesOfTheOneBeforeStayValid()
    {
        _run.Alice.Allocate().Expect(200);
        _run.Resources.ChangeNonceKey(TurnServerRun.NonceKey(2));
        _run.Resources.Reconfigure(_run.ServerOptions.Limits, ReplyRateLimit.Default);
        _run.Alice.Refresh(600).Expect(200);
    }

    // RFC 6062 section 5.4: from the first one on it is a data connection. Two requests may come in one segment.
    [Fact]
    public void ConnectionBind_OnADataConnection_Responds400()
    {
        using TurnTestClient control = _run.Client("alice", Endpoints.Alice, StunTransport.Tcp);
        using TurnTestClient data = _run.Client("alice", Endpoints.Alice.WithPort(40001), StunTransport.Tcp);
        control.AllocateTcp().Expect(200);
        control.Permit("5.6.7.1:1", "5.6.7.2:1").Expect(200);
        Assert.True(_run.Server.TryAcceptPeer(new RelayId(1), Endpoints.Of("5.6.7.1:7000"), _run.Now, out ConnectionId first));
        Assert.True(_run.Server.TryAcceptPeer(new RelayId(1), Endpoints.Of("5.6.7.2:7000"), _run.Now, out ConnectionId second));
        _run.Server.TryReadTransmit(new byte[TurnServer.MinReplyBuffer], out _);
        _run.Server.TryReadTransmit(new byte[TurnServer.MinReplyBuffer], out _);
        data.ConnectionBind(first.Value).Expect(200);
        data.ConnectionBind(second.Value).Expect(400);
    }

    // Time must not tell which names exist: whoever has one key, and forgot it, is looked up as often as nobody is.
    [Fact]
    public void UnknownUser_IsLookedUpAsOftenAsAWrongPassword()
    {
        Assert.Equal(LookupsOfFailure("alice"), LookupsOfFailure("mallory"));
    }

    private (int Keys, int OtherKeys) LookupsOfFailure(string user)
    {
        using TurnTestClient client = _run.Client(user, Endpoints.Bob);
        client.Learn();
        client.Password = "wrong";
        (int keys, int others) = (_run.Users.Lookups, _run.Users.OtherLookups);
        client.Deliver(client.Build(StunMethod.Allocate, static (ref StunMessageWriter writer) => writer.AddRequestedTransport(RelayProtocol.Udp)))
            .Expect(401);
        return (_run.Users.Lookups - keys, _run.Users.OtherLookups - others);
    }
}
