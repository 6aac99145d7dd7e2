using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Sockets;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.TestKit;
using Xunit;

namespace Stack.Transport.Tests;

public sealed class StunServerStreamTests
{
    private static readonly TimeSpan TenSeconds = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Minute = TimeSpan.FromSeconds(60);

    private readonly ManualTimeProvider _time = new();

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Request_ByteByByte_GetsOneAnswer()
    {
        await using StunServer server = await Servers.StartAsync(StunTransport.Tcp, _time);
        using Socket client = await RawClient.TcpAsync(server.At());
        byte[] request = Wire.Request();

        for (int i = 0; i < request.Length; i++)
        {
            await client.SendAsync(request.AsMemory(i, 1));
        }

        byte[] response = await RawClient.ReadMessageAsync(client);
        Assert.True(Wire.IsAnswerTo(response, request));
        Assert.Equal(32, response.Length);
        Assert.Equal(client.LocalEndPoint, Wire.Mapped(response));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Requests_TwoAndAHalfInOneWrite_GetTwoAnswersAndTheThirdLater()
    {
        await using StunServer server = await Servers.StartAsync(StunTransport.Tcp, _time);
        using Socket client = await RawClient.TcpAsync(server.At());
        byte[][] requests = [Wire.Request(), Wire.Request(), Wire.Request()];

        await client.SendAsync((byte[])[.. requests[0], .. requests[1], .. requests[2][..10]]);
        Assert.True(Wire.IsAnswerTo(await RawClient.ReadMessageAsync(client), requests[0]));
        Assert.True(Wire.IsAnswerTo(await RawClient.ReadMessageAsync(client), requests[1]));
        await client.SendAsync(requests[2].AsMemory(10));

        Assert.True(Wire.IsAnswerTo(await RawClient.ReadMessageAsync(client), requests[2]));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Requests_ThousandAtOnce_AreAnsweredInOrder()
    {
        await using StunServer server = await Servers.StartAsync(StunTransport.Tcp, _time);
        using Socket client = await RawClient.TcpAsync(server.At());
        byte[][] requests = [.. Enumerable.Range(0, 1000).Select(_ => Wire.Request())];

        Task sending = client.SendAsync(requests.SelectMany(r => r).ToArray());
        foreach (byte[] request in requests)
        {
            Assert.True(Wire.IsAnswerTo(await RawClient.ReadMessageAsync(client), request));
        }

        await sending;
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Request_FollowedByTheEndOfTheStream_IsAnsweredBeforeTheServersEnd()
    {
        await using StunServer server = await Servers.StartAsync(StunTransport.Tcp, _time);
        using Socket client = await RawClient.TcpAsync(server.At());
        byte[] request = Wire.Request();

        await client.SendAsync(request);
        client.Shutdown(SocketShutdown.Send);

        Assert.True(Wire.IsAnswerTo(await RawClient.ReadMessageAsync(client), request));
        Assert.True(await RawClient.IsClosedAsync(client));
    }

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData("success")]
    [InlineData("error")]
    [InlineData("indication")]
    [InlineData("unknown-method-0fe")]
    [InlineData("allocate")]
    [InlineData("wrong-fingerprint")]
    public async Task Message_NoBindingRequest_IsNotAnsweredAndTheNextIs(string kind)
    {
        await using StunServer server = await Servers.StartAsync(StunTransport.Tcp, _time);
        using Socket client = await RawClient.TcpAsync(server.At());
        byte[] request = Wire.Request();

        await client.SendAsync((byte[])[.. StunServerTests.Dropped(kind), .. request]);

        Assert.True(Wire.IsAnswerTo(await RawClient.ReadMessageAsync(client), request));
    }

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData("all-ff")]
    [InlineData("rtp")]
    [InlineData("channel-data")]
    [InlineData("wrong-cookie")]
    [InlineData("classic")]
    [InlineData("length-13")]
    [InlineData("length-65532")]
    [InlineData("attribute-beyond-the-end")]
    [InlineData("length-0-with-100-more")]
    [InlineData("maximum")]
    public async Task Stream_NotStun_EndsItsConnectionAndNoOther(string kind)
    {
        await using StunServer server = await Servers.StartAsync(StunTransport.Tcp, _time);
        using Socket bystander = await RawClient.TcpAsync(server.At());
        using Socket client = await RawClient.TcpAsync(server.At());
        byte[] bytes = StunServerTests.Dropped(kind);

        await client.SendAsync(bytes);
        if (kind == "length-0-with-100-more")
        {
            Assert.NotEmpty(await RawClient.ReadMessageAsync(client));
        }

        Assert.True(await RawClient.IsClosedAsync(client));
        Assert.Equal(TimeSpan.Zero, _time.Elapsed);
        byte[] request = Wire.Request();
        await bystander.SendAsync(request);
        Assert.True(Wire.IsAnswerTo(await RawClient.ReadMessageAsync(bystander), request));
    }

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(20)]
    public async Task Connection_NoWholeRequest_IsClosedAfterTenSeconds(int sent)
    {
        await using StunServer server = await Servers.StartAsync(StunTransport.Tcp, _time);
        using Socket client = await RawClient.TcpAsync(server.At());
        await client.SendAsync(Wire.WithLength(Wire.Request(), 4000).AsMemory(0, sent));
        await _time.WaitForTimerAsync(TenSeconds);

        _time.Advance(TenSeconds);

        Assert.True(await RawClient.IsClosedAsync(client));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Connection_OneByteNowAndThen_IsClosedAfterTenSecondsAllTheSame()
    {
        await using StunServer server = await Servers.StartAsync(StunTransport.Tcp, _time);
        using Socket client = await RawClient.TcpAsync(server.At());
        byte[] request = Wire.WithLength(Wire.Request(), 4000);
        await _time.WaitForTimerAsync(TenSeconds);

        for (int i = 0; i < 10; i++)
        {
            await client.SendAsync(request.AsMemory(i, 1));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.True(await RawClient.IsClosedAsync(client));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Connection_IdleAfterItsRequest_IsClosedAfterAMinute()
    {
        await using StunServer server = await Servers.StartAsync(StunTransport.Tcp, _time);
        using Socket client = await RawClient.TcpAsync(server.At());
        await client.SendAsync(Wire.Request());
        Assert.NotEmpty(await RawClient.ReadMessageAsync(client));
        await _time.WaitForTimerAsync(Minute);

        _time.Advance(Minute - TimeSpan.FromSeconds(1));
        await client.SendAsync(Wire.Request()[..5]);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.True(await RawClient.IsClosedAsync(client));
        Assert.Equal(0, _time.ArmedTimers);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Connection_RequestWithinTheMinute_StaysOpen()
    {
        await using StunServer server = await Servers.StartAsync(StunTransport.Tcp, _time);
        using Socket client = await RawClient.TcpAsync(server.At());
        for (int i = 0; i < 5; i++)
        {
            byte[] request = Wire.Request();
            await client.SendAsync(request);
            Assert.True(Wire.IsAnswerTo(await RawClient.ReadMessageAsync(client), request));
            await _time.WaitForTimerAsync(Minute);
            _time.Advance(TimeSpan.FromSeconds(30));
        }
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Connections_ThirtyThreeFromOneSource_LastIsRefusedAndAnotherSourceServed()
    {
        await using StunServer server = await Servers.StartAsync(StunTransport.Tcp, _time);
        var open = new List<Socket>();
        try
        {
            for (int i = 0; i < 32; i++)
            {
                open.Add(await RawClient.TcpAsync(server.At()));
                Assert.True(await IsServedAsync(open[i]));
            }

            using Socket tooMany = await RawClient.TcpAsync(server.At());
            Assert.False(await IsServedAsync(tooMany));
            using Socket elsewhere = await RawClient.TcpAsync(server.At(), "127.0.0.2");
            Assert.True(await IsServedAsync(elsewhere));

            open[0].Dispose();
            bool served = false;
            while (!served)
            {
                using Socket next = await RawClient.TcpAsync(server.At());
                served = await IsServedAsync(next);
            }
        }
        finally
        {
            open.ForEach(socket => socket.Dispose());
        }
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Connections_MoreThanInAll_AreRefusedOverAllListeners()
    {
        await using StunServer server = await Servers.StartAsync(StunTransport.Tcp, _time, static o => o with
        {
            Listen = [Servers.Listen(StunTransport.Tcp), Servers.Listen(StunTransport.Tcp, "127.0.0.2")],
            Connections = new StunConnectionLimits { MaxConnections = 2 },
        });
        using Socket one = await RawClient.TcpAsync(server.At(0));
        Assert.True(await IsServedAsync(one));
        using Socket two = await RawClient.TcpAsync(server.At(1));
        Assert.True(await IsServedAsync(two));

        using Socket three = await RawClient.TcpAsync(server.At(0), "127.0.0.3");
        Assert.False(await IsServedAsync(three));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Fault_InTheHandler_EndsOneConnection()
    {
        var time = new FaultyTimeProvider();
        await using StunServer server = await Servers.StartAsync(StunTransport.Tcp, time);
        using Socket bystander = await RawClient.TcpAsync(server.At());
        using Socket client = await RawClient.TcpAsync(server.At());
        Assert.True(await IsServedAsync(bystander));
        Assert.True(await IsServedAsync(client));

        time.Fail(1);
        await client.SendAsync(Wire.Request());

        Assert.True(await RawClient.IsClosedAsync(client));
        Assert.True(await IsServedAsync(bystander));
    }

    private static async Task<bool> IsServedAsync(Socket client)
    {
        byte[] request = Wire.Request();
        try
        {
            await client.SendAsync(request);
        }
        catch (SocketException)
        {
            return false;
        }

        return Wire.IsAnswerTo(await RawClient.ReadMessageAsync(client), request);
    }
}
