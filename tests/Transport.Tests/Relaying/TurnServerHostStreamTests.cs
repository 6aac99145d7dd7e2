using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.TestKit;
using Stack.Turn;
using Xunit;

namespace Stack.Transport.Tests;

/// <summary>What TCP connections may cost a server.</summary>
public sealed class TurnServerHostStreamTests
{
    private static readonly TimeSpan TenSeconds = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan TwentySeconds = TimeSpan.FromSeconds(20);

    private readonly ManualTimeProvider _time = new();

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData(StunTransport.Tcp, 0)]
    [InlineData(StunTransport.Tcp, 19)]
    [InlineData(StunTransport.Tls, 0)]
    public async Task FirstMessage_NotWholeWithin10Seconds_ClosesTheConnection(StunTransport transport, int sent)
    {
        await using TurnServerHost host = await StartAsync(transport);
        using Socket client = await RawClient.TcpAsync(host.At(transport));
        await client.SendAsync(Wire.Request().AsMemory(0, sent));
        await _time.WaitForTimerAsync(TenSeconds);

        _time.Advance(TenSeconds);

        Assert.True(await RawClient.IsClosedAsync(client));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Client_ThatDoesNotAuthenticateWithin20Seconds_IsClosedWhateverItSends()
    {
        await using TurnServerHost host = await StartAsync(StunTransport.Tcp);
        using Socket client = await RawClient.TcpAsync(host.At(StunTransport.Tcp));
        await client.SendAsync(Wire.Request());
        await RawClient.ReadMessageAsync(client);
        await _time.WaitForTimerAsync(TwentySeconds);
        _time.Advance(TwentySeconds - TimeSpan.FromSeconds(1));
        await client.SendAsync(Wire.Request());
        Assert.NotEmpty(await RawClient.ReadMessageAsync(client));

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.True(await RawClient.IsClosedAsync(client));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Client_ThatHasAuthenticated_MayBeSilentForAnAllocationsLife()
    {
        await using TurnServerHost host = await StartAsync(StunTransport.Tcp);
        using RawTurnClient client = await RawTurnClient.TcpAsync(host.At(StunTransport.Tcp));
        await client.AllocateAsync(more: static (ref StunMessageWriter writer) => writer.AddLifetime(TimeSpan.FromHours(1)));

        _time.Advance(TimeSpan.FromMinutes(59));

        RawTurnClient.Success(await client.AskAsync(StunMethod.Refresh));
    }

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("\u0000\u0003\u0000\u0001aaaa")]
    public async Task Stream_ThatIsNotStun_IsClosedAtOnce(string text)
    {
        await using TurnServerHost host = await StartAsync(StunTransport.Tcp);
        using Socket client = await RawClient.TcpAsync(host.At(StunTransport.Tcp));

        await client.SendAsync(System.Text.Encoding.Latin1.GetBytes(text));

        Assert.True(await RawClient.IsClosedAsync(client));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Message_Above4KiBBeforeAuthentication_ClosesTheConnection()
    {
        await using TurnServerHost host = await StartAsync(StunTransport.Tcp);
        using Socket client = await RawClient.TcpAsync(host.At(StunTransport.Tcp));
        byte[] header = Wire.WithLength(Wire.Request(), 4080);

        await client.SendAsync(header);

        Assert.True(await RawClient.IsClosedAsync(client));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Message_WellFormedButSenseless_LeavesTheConnectionOpen()
    {
        await using TurnServerHost host = await StartAsync(StunTransport.Tcp);
        using RawTurnClient client = await RawTurnClient.TcpAsync(host.At(StunTransport.Tcp));
        await client.AllocateAsync();

        await client.SendAsync(Wire.Request(StunMethod.Send, @class: StunClass.Indication));
        await client.SendOnChannelAsync(0x4001, [1, 2, 3]);

        RawTurnClient.Success(await client.AskAsync(StunMethod.Refresh));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Messages_ByteByByte_AreWhole()
    {
        await using TurnServerHost host = await StartAsync(StunTransport.Tcp);
        using RawTurnClient client = await RawTurnClient.TcpAsync(host.At(StunTransport.Tcp));
        using Socket peer = RawClient.Udp();
        await client.AllocateAsync();
        await client.BindAsync(0x4001, (IPEndPoint)peer.LocalEndPoint!);

        byte[] stream = [.. RawTurnClient.OnChannel(0x4001, [1, 2, 3], padded: true), .. RawTurnClient.OnChannel(0x4001, [4], padded: true)];
        foreach (byte one in stream)
        {
            await client.SendAsync(new[] { one });
        }

        Assert.Equal([1, 2, 3], (await RawClient.ReceiveAsync(peer)).Bytes);
        Assert.Equal([4], (await RawClient.ReceiveAsync(peer)).Bytes);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Unauthenticated_MoreThanTheLimitFromOneSource_AreClosedUntilOneAuthenticates()
    {
        await using TurnServerHost host = await StartAsync(
            StunTransport.Tcp,
            static o => o with { Connections = o.Connections with { MaxUnauthenticatedPerSource = 2 } });
        using RawTurnClient first = await RawTurnClient.TcpAsync(host.At(StunTransport.Tcp));
        await first.ChallengeAsync(StunMethod.Allocate);
        using RawTurnClient second = await RawTurnClient.TcpAsync(host.At(StunTransport.Tcp));
        await second.ChallengeAsync(StunMethod.Allocate);
        using (Socket third = await RawClient.TcpAsync(host.At(StunTransport.Tcp)))
        {
            Assert.True(await RawClient.IsClosedAsync(third));
        }

        await first.AllocateAsync();
        using RawTurnClient fourth = await RawTurnClient.TcpAsync(host.At(StunTransport.Tcp));
        await fourth.AllocateAsync();

        Assert.Equal(2, host.AllocationCount);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Connections_MoreThanTheLimitInAll_AreClosed()
    {
        await using TurnServerHost host = await StartAsync(
            StunTransport.Tcp,
            static o => o with { Connections = o.Connections with { MaxConnections = 1 } });
        using RawTurnClient first = await RawTurnClient.TcpAsync(host.At(StunTransport.Tcp));
        await first.AllocateAsync();

        using Socket second = await RawClient.TcpAsync(host.At(StunTransport.Tcp));

        Assert.True(await RawClient.IsClosedAsync(second));
        RawTurnClient.Success(await first.AskAsync(StunMethod.Refresh));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Close_ByTheClient_EndsItsAllocation()
    {
        var ended = new TaskCompletionSource<IReadOnlyList<ServerLogField>>();
        await using TurnServerHost host = await StartAsync(StunTransport.Tcp, o => o with { Log = record => Notice(record, ended) });
        using (RawTurnClient client = await RawTurnClient.TcpAsync(host.At(StunTransport.Tcp)))
        {
            await client.AllocateAsync();
        }

        Assert.Contains(new ServerLogField("reason", nameof(AllocationEndReason.ConnectionLost)), await ended.Task);
        Assert.Equal(0, host.AllocationCount);
    }

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData(StunTransport.Tcp)]
    [InlineData(StunTransport.Tls)]
    public async Task SlowReader_RelayedData_IsDroppedAndTheConnectionClosedAfter10Seconds(StunTransport transport)
    {
        var ended = new TaskCompletionSource<IReadOnlyList<ServerLogField>>();
        await using TurnServerHost host = await StartAsync(transport, o => o with { Log = record => Notice(record, ended) });
        using RawTurnClient slow = await RawTurnClient.ConnectAsync(host, transport);
        using RawTurnClient other = await RawTurnClient.ConnectAsync(host, transport);
        using Socket peer = RawClient.Udp();
        IPEndPoint relayed = await slow.AllocateAsync();
        await slow.PermitAsync((IPEndPoint)peer.LocalEndPoint!);
        IPEndPoint echo = await other.AllocateAsync();
        await other.PermitAsync((IPEndPoint)peer.LocalEndPoint!);

        // The queue overflows before the connection is full where the server's writer is late: then the time for the reader has not begun yet, or
        // begins anew, and there is more to fill.
        byte[] data = new byte[8000];
        while (!ended.Task.IsCompleted)
        {
            // The reader that does read sets the pace, so that none is lost on the way in.
            long overflowed = host.Shards[0].Counters.Overflowed;
            do
            {
                await peer.SendToAsync(data, relayed);
                await peer.SendToAsync(new byte[1], echo);
                await other.ReadDataAsync();
            }
            while (host.Shards[0].Counters.Overflowed == overflowed && !ended.Task.IsCompleted);

            if (_time.WaitForTimerAsync(TenSeconds).IsCompleted)
            {
                _time.Advance(TenSeconds);
            }
        }

        Assert.NotEqual(0, host.Shards[0].Counters.Overflowed);

        Assert.Contains(new ServerLogField("reason", nameof(AllocationEndReason.ConnectionLost)), await ended.Task);
        RawTurnClient.Success(await other.AskAsync(StunMethod.Refresh));
    }

    private static void Notice(ServerLogRecord record, TaskCompletionSource<IReadOnlyList<ServerLogField>> ended)
    {
        if (record is { Class: "allocation", Message: "Allocation ended." })
        {
            ended.TrySetResult(record.Fields);
        }
    }

    private Task<TurnServerHost> StartAsync(StunTransport transport, Func<TurnServerHostOptions, TurnServerHostOptions>? change = null)
        => TurnHosts.StartAsync(transport, change: o =>
        {
            o = o with { TimeProvider = _time };
            return change?.Invoke(o) ?? o;
        });
}
