using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.TestKit;
using Stack.Turn;
using Xunit;

namespace Stack.Transport.Tests;

/// <summary>The life of a server: faults, reloading, draining, the end.</summary>
public sealed class TurnServerHostTests
{
    private readonly ManualTimeProvider _time = new();

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData(StunTransport.Udp, false)]
    [InlineData(StunTransport.Udp, true)]
    [InlineData(StunTransport.Tcp, false)]
    public async Task Fault_InTheHandler_IsCountedAndServingGoesOn(StunTransport transport, bool portable)
    {
        (List<ServerLogRecord> records, Action<ServerLogRecord> log) = TurnHosts.Journal();
        await using TurnServerHost host = await TurnHosts.StartAsync(transport, portable, o => o with { Log = log });
        using RawTurnClient client = transport == StunTransport.Udp
            ? RawTurnClient.Udp(host.At(transport), OneUser.Fault)
            : await RawTurnClient.TcpAsync(host.At(transport), OneUser.Fault);
        await client.ChallengeAsync(StunMethod.Allocate);

        await client.SendAsync(client.Request(StunMethod.Allocate));
        byte[] binding = Wire.Request();
        await client.SendAsync(binding);

        Assert.True(Wire.IsAnswerTo(await client.ReadAsync(), binding));
        Assert.Equal(1, await host.Shards[0].AskAsync(() => host.Shards[0].Counters.Faults));
        Assert.Contains(records, static record => record is { Class: "fault", Level: ServerLogLevel.Error });
        using RawTurnClient other = await RawTurnClient.ConnectAsync(host, transport);
        await other.AllocateAsync();
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Peer_WithoutARoute_CostsTheDatagramAndNothingElse()
    {
        await using TurnServerHost host = await TurnHosts.StartAsync(StunTransport.Udp, change: static o => o with
        {
            PeerRules = o.PeerRules with { Allow = [.. o.PeerRules.Allow, TurnHosts.Prefix("8.8.8.0/24")] },
        });
        using RawTurnClient client = RawTurnClient.Udp(host.At(StunTransport.Udp));
        using Socket peer = RawClient.Udp();
        await client.AllocateAsync();
        var nowhere = new IPEndPoint(IPAddress.Parse("8.8.8.8"), 9999);
        await client.PermitAsync(nowhere);
        await client.PermitAsync((IPEndPoint)peer.LocalEndPoint!);

        // A socket on 127.0.0.1 has no way out of this machine.
        await client.SendToAsync(nowhere, [1]);
        await client.SendToAsync((IPEndPoint)peer.LocalEndPoint!, [2]);

        Assert.Equal([2], (await RawClient.ReceiveAsync(peer)).Bytes);
        Assert.Equal(1, await host.Shards[0].AskAsync(() => host.Shards[0].Counters.SendFailures));
    }

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Reload_OtherUser_TheOldAllocationRelaysAndTheNewUserGetsIn(int shards)
    {
        TurnServerHostOptions options = TurnHosts.Options() with { Shards = shards };
        await using TurnServerHost host = await TurnServerHost.StartAsync(options);
        using RawTurnClient old = RawTurnClient.Udp(host.At(StunTransport.Udp));
        using Socket peer = RawClient.Udp();
        await old.AllocateAsync();
        await old.PermitAsync((IPEndPoint)peer.LocalEndPoint!);

        host.Reload(options with { Credentials = new OneUser("new", "password") });

        await old.SendToAsync((IPEndPoint)peer.LocalEndPoint!, [1]);
        Assert.Equal([1], (await RawClient.ReceiveAsync(peer)).Bytes);
        using RawTurnClient young = RawTurnClient.Udp(host.At(StunTransport.Udp), "new", "password");
        await young.AllocateAsync();
        using RawTurnClient late = RawTurnClient.Udp(host.At(StunTransport.Udp));
        Assert.Equal(StunErrorCode.Unauthenticated, RawTurnClient.Error(await late.AskAsync(StunMethod.Allocate)));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Reload_WhatCannotBe_ThrowsAndChangesNothing()
    {
        TurnServerHostOptions options = TurnHosts.Options();
        await using TurnServerHost host = await TurnServerHost.StartAsync(options);
        TurnServerHostOptions changed = options with { Credentials = new OneUser("new", "password") };

        Assert.Throws<ArgumentException>(() => host.Reload(changed with { Listen = [Servers.Listen(StunTransport.Udp, "127.0.0.2")] }));
        Assert.Throws<ArgumentException>(() => host.Reload(changed with { Realm = "" }));
        Assert.Throws<ArgumentException>(() => host.Reload(changed with { Shards = 2 }));
        Assert.Throws<ArgumentException>(() => host.Reload(changed with { RelayAddresses = [new RelayAddress(TransportAddress.FromIPv4(0, 0))] }));
        Assert.ThrowsAny<ArgumentException>(() => host.Reload(changed with { PeerRules = new PeerAddressRules { Allow = [default] } }));

        using RawTurnClient client = RawTurnClient.Udp(host.At(StunTransport.Udp));
        await client.AllocateAsync();
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Reload_OtherCertificate_IsShownToNewConnections()
    {
        TurnServerHostOptions options = TurnHosts.Options(Servers.Listen(StunTransport.Tls));
        await using TurnServerHost host = await TurnServerHost.StartAsync(options);
        Assert.Equal(TestCertificates.Localhost.Thumbprint, await ShownAsync(host));

        host.Reload(options with { Certificate = TestCertificates.OtherName });

        Assert.Equal(TestCertificates.OtherName.Thumbprint, await ShownAsync(host));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Drain_LiveAllocation_IsRefreshedUntilItIsGone()
    {
        await using TurnServerHost host = await TurnHosts.StartAsync(StunTransport.Udp, change: static o => o with { Shards = 2 });
        using RawTurnClient client = RawTurnClient.Udp(host.At(StunTransport.Udp));
        await client.AllocateAsync();

        Task<bool> draining = host.DrainAsync(Timeout.InfiniteTimeSpan);

        using RawTurnClient late = RawTurnClient.Udp(host.At(StunTransport.Udp));
        byte[] refused = await late.AskAsync(StunMethod.Allocate, static (ref StunMessageWriter writer) => writer.AddRequestedTransport(RelayProtocol.Udp));
        Assert.Equal(StunErrorCode.InsufficientCapacity, RawTurnClient.Error(refused));
        RawTurnClient.Success(await client.AskAsync(StunMethod.Refresh));
        Assert.False(draining.IsCompleted);
        await client.DeleteAsync();
        Assert.True(await draining);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Drain_TimeIsOver_SaysSo()
    {
        await using TurnServerHost host = await TurnHosts.StartAsync(StunTransport.Udp, change: o => o with { TimeProvider = _time });
        using RawTurnClient client = RawTurnClient.Udp(host.At(StunTransport.Udp));
        await client.AllocateAsync();
        TimeSpan limit = TimeSpan.FromSeconds(7);

        Task<bool> draining = host.DrainAsync(limit);
        await _time.WaitForTimerAsync(limit);
        _time.Advance(limit);

        Assert.False(await draining);
    }

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Allocation_NotRefreshed_Expires(bool portable)
    {
        var ended = new TaskCompletionSource<ServerLogRecord>();
        await using TurnServerHost host = await TurnHosts.StartAsync(StunTransport.Udp, portable, o => o with
        {
            TimeProvider = _time,
            Log = record =>
            {
                if (record is { Class: "allocation", Message: "Allocation ended." })
                {
                    ended.TrySetResult(record);
                }
            },
        });
        using RawTurnClient client = RawTurnClient.Udp(host.At(StunTransport.Udp));
        await client.AllocateAsync();
        await _time.WaitForTimerAsync(TimeSpan.FromMinutes(10));

        _time.Advance(TimeSpan.FromMinutes(10));

        ServerLogRecord record = await ended.Task;
        Assert.Equal(TransportAddress.FromIPEndPoint(client.Local), record.Source);
        Assert.Contains(new ServerLogField("reason", nameof(AllocationEndReason.Expired)), record.Fields);
        Assert.Contains(new ServerLogField("user", "u"), record.Fields);
    }

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RelayedDatagrams_Warm_CostTheLoopNoAllocation(bool portable)
    {
        await using TurnServerHost host = await TurnHosts.StartAsync(StunTransport.Udp, portable);
        using RawTurnClient client = RawTurnClient.Udp(host.At(StunTransport.Udp));
        using Socket peer = RawClient.Udp();
        var peerAddress = (IPEndPoint)peer.LocalEndPoint!;
        IPEndPoint relayed = await client.AllocateAsync();
        await client.PermitAsync(peerAddress);
        const int Count = 500;
        long fewest = long.MaxValue;
        for (int run = 0; run < 5; run++)
        {
            if (run == 3)
            {
                await client.BindAsync(0x4000, peerAddress);
            }

            long before = await host.Shards[0].AskAsync(GC.GetAllocatedBytesForCurrentThread);
            for (int i = 0; i < Count; i++)
            {
                await (run < 3 ? client.SendToAsync(peerAddress, [1, 2, 3]) : client.SendOnChannelAsync(0x4000, [1, 2, 3]));
                await RawClient.ReceiveAsync(peer);
                await peer.SendToAsync(new byte[100], relayed);
                await client.ReadAsync();
            }

            fewest = Math.Min(fewest, await host.Shards[0].AskAsync(GC.GetAllocatedBytesForCurrentThread) - before);
            if (run is 2 or 4)
            {
                Assert.InRange(fewest, 0, Count - 1);
                fewest = long.MaxValue;
            }
        }
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Start_PortThatAServerOfTwoShardsHas_Throws()
    {
        TurnServerHostOptions options = TurnHosts.Options() with { Shards = 2 };
        await using TurnServerHost host = await TurnServerHost.StartAsync(options);

        await Assert.ThrowsAsync<SocketException>(() => TurnServerHost.StartAsync(options with { Listen = [.. host.EndPoints] }));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Dispose_ClientsInEveryState_EndsThemAndCanBeRepeated()
    {
        TurnServerHost host = await TurnServerHost.StartAsync(
            TurnHosts.Options(Servers.Listen(StunTransport.Udp), Servers.Listen(StunTransport.Tcp), Servers.Listen(StunTransport.Tls)) with { TimeProvider = _time });
        using Socket idle = await RawClient.TcpAsync(host.At(StunTransport.Tcp));
        using Socket handshake = await RawClient.TcpAsync(host.At(StunTransport.Tls));
        using RawTurnClient control = await RawTurnClient.TcpAsync(host.At(StunTransport.Tcp));
        IPEndPoint relayed = await control.AllocateAsync(RelayProtocol.Tcp);
        await control.PermitAsync(new IPEndPoint(IPAddress.Loopback, 0));
        using Socket pending = await RawClient.TcpAsync(relayed);
        await control.ReadAsync();
        using RawTurnClient udp = RawTurnClient.Udp(host.At(StunTransport.Udp));
        await udp.AllocateAsync();

        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(async () => await host.DisposeAsync())));

        Assert.True(await RawClient.IsClosedAsync(idle));
        Assert.True(await RawClient.IsClosedAsync(handshake));
        Assert.True(await RawClient.IsClosedAsync(control.Socket));
        Assert.True(await RawClient.IsClosedAsync(pending));
        Assert.Equal(0, host.AllocationCount);
        Assert.Equal(TimeSpan.Zero, _time.Elapsed);
        Assert.Equal(0, _time.ArmedTimers);
        Assert.Throws<ObjectDisposedException>(() => host.Reload(TurnHosts.Options()));
    }

    private static async Task<string> ShownAsync(TurnServerHost host)
    {
        using Socket socket = await RawClient.TcpAsync(host.At(StunTransport.Tls));
        await using var tls = new SslStream(new NetworkStream(socket));
        string thumbprint = "";
        try
        {
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                {
                    thumbprint = ((X509Certificate2)certificate!).Thumbprint;
                    return false;
                },
            });
        }
        catch (System.Security.Authentication.AuthenticationException)
        {
            // It was only to be looked at.
        }

        return thumbprint;
    }
}
