using System;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.TestKit;
using Stack.Turn;
using Xunit;

namespace Stack.Transport.Tests;

/// <summary>The TURN client over sockets, against a scripted server.</summary>
public sealed class TurnAllocationTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly TurnScript _script = new();

    public void Dispose() => _script.Dispose();

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Data_GoesThereAndBack_ByAChannelWhenItPays()
    {
        await using var server = new ScriptedUdpServer(_script.Answer);
        await using TurnAllocation relay = await Client(server).AllocateAsync();
        Assert.Equal((50000, server.EndPoint, StunTransport.Udp), (relay.Relayed.Port, relay.Server, relay.Transport));
        Assert.Equal(relay.Local, relay.Mapped);
        await relay.PermitAsync(TurnScript.Peer);
        byte[] buffer = new byte[100];
        for (int i = 0; i < 30; i++)
        {
            await relay.SendAsync(new byte[] { 1, (byte)i }, TurnScript.Peer);
            TurnDatagram datagram = await relay.ReceiveAsync(buffer);
            Assert.Equal((TurnScript.Peer, 2, (byte)i), (datagram.Peer.ToIPEndPoint(), datagram.Length, buffer[1]));
        }

        Assert.InRange(_script.ChannelDataCount, 1, 22);
        await relay.SendAsync(new byte[50], TurnScript.Peer);
        TurnDatagram cut = await relay.ReceiveAsync(buffer.AsMemory(0, 10));
        Assert.Equal((10, true), (cut.Length, cut.IsTruncated));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Send_ToAPermittedPeer_AllocatesNothing()
    {
        await using var working = new ScriptedUdpServer(_script.Answer);
        await using TurnAllocation relay = await Client(working).AllocateAsync(new TurnAllocationOptions { BindsChannels = false, ReceiveQueueCapacity = 1 });
        await relay.PermitAsync(TurnScript.Peer);
        TransportAddress peer = TransportAddress.FromIPEndPoint(TurnScript.Peer);
        byte[] payload = new byte[500];
        Assert.Equal(0, Allocations.Measure(() =>
        {
            ValueTask sending = relay.SendAsync(payload, peer, SendForm.Shortest);
            Assert.True(sending.IsCompletedSuccessfully);
        }));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Send_WithoutAPermission_IsTheCallersMistake()
    {
        await using var server = new ScriptedUdpServer(_script.Answer);
        await using TurnAllocation relay = await Client(server).AllocateAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await relay.SendAsync(new byte[1], TurnScript.Peer));
        await Assert.ThrowsAsync<ArgumentException>(() => relay.PermitAsync(new IPEndPoint(IPAddress.IPv6Loopback, 1)));
        await relay.PermitAsync(TurnScript.Peer);
        await Assert.ThrowsAsync<ArgumentException>(async () => await relay.SendAsync(new byte[65530], TurnScript.Peer));
        await Assert.ThrowsAsync<InvalidOperationException>(() => relay.ConnectAsync(TurnScript.Peer));
        await Assert.ThrowsAsync<InvalidOperationException>(() => relay.AcceptAsync());
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Permit_Refused_SaysWhy()
    {
        await using var server = new ScriptedUdpServer(_script.Answer);
        await using TurnAllocation relay = await Client(server).AllocateAsync();
        _script.Errors[StunMethod.CreatePermission] = StunErrorCode.Forbidden;
        TurnException error = await Assert.ThrowsAsync<TurnException>(() => relay.PermitAsync(TurnScript.Peer));
        Assert.Equal((TurnFailure.Forbidden, StunErrorCode.Forbidden), (error.Failure, error.ErrorCode));
        Assert.Contains("203.0.113.9", error.Message, StringComparison.Ordinal);
        Assert.NotEqual("", error.Hint);
        _script.Errors.Clear();
        await relay.PermitAsync(TurnScript.Peer);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Icmp_OfAPeer_IsAnEvent()
    {
        await using var server = new ScriptedUdpServer(_script.Answer);
        await using TurnAllocation relay = await Client(server).AllocateAsync();
        await relay.PermitAsync(TurnScript.Peer);
        await relay.SendAsync(new byte[] { 0xFF }, TurnScript.Peer);
        TurnEvent happened = await relay.ReadEventAsync();
        Assert.Equal((TurnEventKind.IcmpError, TurnScript.Peer, new IcmpError(3, 3, 0)), (happened.Kind, happened.Peer.ToIPEndPoint(), happened.Icmp));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Allocate_Mismatch_IsTriedFromThreePortsAndThenLeftAlone()
    {
        _script.Errors[StunMethod.Allocate] = StunErrorCode.AllocationMismatch;
        await using var server = new ScriptedUdpServer(_script.Answer);
        TurnClient client = Client(server);
        TurnException error = await Assert.ThrowsAsync<TurnException>(() => client.AllocateAsync());
        Assert.Equal(TurnFailure.AllocationMismatch, error.Failure);
        int[] ports = [.. _script.Served.Where(static served => served.Method == StunMethod.Allocate).Select(static served => served.Port)];
        Assert.Equal(3, ports.Length);

        // Each socket is closed before the next one is opened: the system may give a port out again.
        Assert.InRange(ports.Distinct().Count(), 2, 3);

        _script.Errors.Clear();
        await Assert.ThrowsAsync<TurnException>(() => client.AllocateAsync());
        _time.Advance(TimeSpan.FromMinutes(2));
        await using TurnAllocation relay = await client.AllocateAsync();
    }

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData(StunErrorCode.AllocationQuotaReached, TurnFailure.QuotaReached)]
    [InlineData(StunErrorCode.InsufficientCapacity, TurnFailure.InsufficientCapacity)]
    public async Task Allocate_NoRoom_IsWhatItIsAndWaitsAMinute(StunErrorCode code, TurnFailure failure)
    {
        _script.Errors[StunMethod.Allocate] = code;
        await using var server = new ScriptedUdpServer(_script.Answer);
        TurnClient client = Client(server);
        TurnException first = await Assert.ThrowsAsync<TurnException>(() => client.AllocateAsync());
        int asked = server.Requests.Count;
        TurnException second = await Assert.ThrowsAsync<TurnException>(() => client.AllocateAsync());
        Assert.Equal((failure, failure, code, code), (first.Failure, second.Failure, first.ErrorCode, second.ErrorCode));
        Assert.Equal(asked, server.Requests.Count);
        _time.Advance(TimeSpan.FromMinutes(1));
        _script.Errors.Clear();
        await using TurnAllocation relay = await client.AllocateAsync();
    }

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData(StunErrorCode.UnknownAttribute, TurnFailure.Unsupported)]
    [InlineData(StunErrorCode.AddressFamilyNotSupported, TurnFailure.Unsupported)]
    [InlineData(StunErrorCode.UnsupportedTransportProtocol, TurnFailure.Unsupported)]
    [InlineData(StunErrorCode.Forbidden, TurnFailure.Forbidden)]
    [InlineData(StunErrorCode.ServerError, TurnFailure.ErrorResponse)]
    [InlineData((StunErrorCode)499, TurnFailure.ErrorResponse)]
    public async Task Allocate_Error_HasItsKindAndItsCode(StunErrorCode code, TurnFailure failure)
    {
        _script.Errors[StunMethod.Allocate] = code;
        await using var server = new ScriptedUdpServer(_script.Answer);
        TurnException error = await Assert.ThrowsAsync<TurnException>(() => Client(server).AllocateAsync());
        Assert.Equal((failure, code), (error.Failure, error.ErrorCode));
        Assert.NotEqual("", error.Hint);
    }

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Allocate_WrongOrNoCredential_IsAuthenticationFailed(bool wrong)
    {
        await using var server = new ScriptedUdpServer(_script.Answer);
        var client = new TurnClient(server.Reference, wrong ? new LongTermCredential("alice", "wrong") : null, Options);
        TurnException error = await Assert.ThrowsAsync<TurnException>(() => client.AllocateAsync());
        Assert.Equal(TurnFailure.AuthenticationFailed, error.Failure);
        Assert.DoesNotContain("wrong", error.ToString(), StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task C07_Redirection_IsFollowedOnce()
    {
        await using var target = new ScriptedUdpServer(_script.Answer);
        using var redirecting = new TurnScript { Alternate = target.EndPoint };
        await using var server = new ScriptedUdpServer(redirecting.Answer);
        await using TurnAllocation relay = await Client(server).AllocateAsync();
        Assert.Equal(target.EndPoint, relay.Server);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task C07_RedirectionOfTheTarget_IsNotFollowed()
    {
        await using var last = new ScriptedUdpServer(_script.Answer);
        using var second = new TurnScript { Alternate = last.EndPoint };
        await using var target = new ScriptedUdpServer(second.Answer);
        using var first = new TurnScript { Alternate = target.EndPoint };
        await using var server = new ScriptedUdpServer(first.Answer);
        TurnException error = await Assert.ThrowsAsync<TurnException>(() => Client(server).AllocateAsync());
        Assert.Equal(TurnFailure.Redirected, error.Failure);
        Assert.Empty(last.Requests);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Allocate_SilentServer_IsNoAnswer()
    {
        await using var server = ScriptedUdpServer.Silent();
        TurnException error = await Assert.ThrowsAsync<TurnException>(() => _time.RunAsync(Client(server).AllocateAsync()));
        Assert.Equal(TurnFailure.NoAnswer, error.Failure);
        Assert.Contains("7 requests", error.Message, StringComparison.Ordinal);
    }

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData(25)]
    [InlineData(5060)]
    [InlineData(6000)]
    public async Task C17_TcpToAPortOfAnotherService_IsRefused(int port)
    {
        var client = new TurnClient(StunServerReference.Parse($"127.0.0.1:{port}"), null, new TurnClientOptions { Transport = StunTransport.Tcp });
        TurnException error = await Assert.ThrowsAsync<TurnException>(() => client.AllocateAsync());
        Assert.Equal(TurnFailure.ForbiddenPort, error.Failure);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Allocate_OptionsThatExcludeEachOther_AreTheCallersMistake()
    {
        await using var server = new ScriptedUdpServer(_script.Answer);
        await Assert.ThrowsAsync<ArgumentException>(() => Client(server).AllocateAsync(new TurnAllocationOptions { Dual = true, Family = StunAddressFamily.IPv4 }));
        Assert.Empty(server.Requests);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task C11_LostAllocation_EndsTheReceiver()
    {
        await using var server = new ScriptedUdpServer(_script.Answer);
        await using TurnAllocation relay = await Client(server).AllocateAsync();
        await relay.PermitAsync(TurnScript.Peer);
        ValueTask<TurnDatagram> receiving = relay.ReceiveAsync(new byte[10]);
        _script.Errors[StunMethod.Refresh] = StunErrorCode.AllocationMismatch;
        _time.Advance(TimeSpan.FromSeconds(541));

        TurnException error = await Assert.ThrowsAsync<TurnException>(async () => await receiving);
        Assert.Equal(TurnFailure.AllocationLost, error.Failure);
        await ReadAsync(relay, TurnEventKind.AllocationLost);
        await Assert.ThrowsAsync<TurnException>(() => relay.PermitAsync(TurnScript.Peer));
        await Assert.ThrowsAsync<TurnException>(async () => await relay.SendAsync(new byte[1], TurnScript.Peer));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task C11_LostAllocation_IsReplacedByPolicy()
    {
        await using var server = new ScriptedUdpServer(_script.Answer);
        await using TurnAllocation relay = await Client(server).AllocateAsync(new TurnAllocationOptions { ReallocatesWhenLost = true });
        await relay.PermitAsync(TurnScript.Peer);
        IPEndPoint before = relay.Local;
        _script.RelayedPort = 50002;
        _script.Errors[StunMethod.Refresh] = StunErrorCode.AllocationMismatch;
        _time.Advance(TimeSpan.FromSeconds(541));

        await ReadAsync(relay, TurnEventKind.AllocationLost);
        await ReadAsync(relay, TurnEventKind.Reallocated);
        Assert.Equal(50002, relay.Relayed.Port);
        Assert.NotEqual(before, relay.Local);
        byte[] buffer = new byte[10];
        await relay.SendAsync(new byte[] { 7 }, TurnScript.Peer);
        Assert.Equal((1, 7), ((await relay.ReceiveAsync(buffer)).Length, buffer[0]));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task C21_Dispose_TellsTheServerAndEndsEveryCall()
    {
        await using var server = new ScriptedUdpServer(_script.Answer);
        TurnAllocation relay = await Client(server).AllocateAsync();
        await relay.PermitAsync(TurnScript.Peer);
        ValueTask<TurnDatagram> receiving = relay.ReceiveAsync(new byte[10]);
        ValueTask<TurnEvent> reading = relay.ReadEventAsync();
        await relay.DisposeAsync();
        await relay.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await receiving);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await reading);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await relay.SendAsync(new byte[1], TurnScript.Peer));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => relay.PermitAsync(TurnScript.Peer));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await relay.ReceiveAsync(new byte[10]));
        while (!_script.Served.Any(static served => served is { Method: StunMethod.Refresh, Lifetime: 0 }))
        {
            await server.Received.WaitAsync();
        }

        Assert.Equal(0, _time.ArmedTimers);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Receive_Cancelled_LosesNothing()
    {
        await using var server = new ScriptedUdpServer(_script.Answer);
        await using TurnAllocation relay = await Client(server).AllocateAsync();
        await relay.PermitAsync(TurnScript.Peer);
        using var cancel = new CancellationTokenSource();
        byte[] buffer = new byte[10];
        Task<TurnDatagram> receiving = relay.ReceiveAsync(buffer, cancel.Token).AsTask();
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await relay.ReceiveAsync(buffer));
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => receiving);
        await relay.SendAsync(new byte[] { 3 }, TurnScript.Peer);
        Assert.Equal((1, 3), ((await relay.ReceiveAsync(buffer)).Length, buffer[0]));
    }

    private TurnClientOptions Options => new() { Transport = StunTransport.Udp, TimeProvider = _time };

    // The clock jumps, so that permissions run out on the way.
    private static async Task ReadAsync(TurnAllocation relay, TurnEventKind kind)
    {
        TurnEventKind read;
        do
        {
            read = (await relay.ReadEventAsync()).Kind;
            Assert.True(read == kind || read is TurnEventKind.PermissionLost or TurnEventKind.ChannelLost);
        }
        while (read != kind);
    }

    private TurnClient Client(ScriptedUdpServer server) => new(server.Reference, TurnScript.Credential, Options);
}
