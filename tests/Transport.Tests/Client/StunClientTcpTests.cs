using System;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.TestKit;
using Xunit;

namespace Stack.Transport.Tests;

public sealed class StunClientTcpTests
{
    private readonly ManualTimeProvider _time = new();

    private StunClientOptions Options => new() { Transport = StunTransport.Tcp, TimeProvider = _time };

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task Bind_Tcp_ReportsWhatTheServerSaw(string address)
    {
        await using StunServer server = await StunServer.StartAsync(new StunServerOptions
        {
            Listen = [new StunListenEndPoint(StunTransport.Tcp, new IPEndPoint(IPAddress.Parse(address), 0))],
            TimeProvider = new SlowTimeProvider(20),
        });
        await using StunClient client = await StunClient.ConnectAsync(
            StunServerReference.Parse($"stun:{server.EndPoints[0].EndPoint}"), Options);

        StunBinding first = await client.BindAsync();
        StunBinding second = await client.BindAsync();

        Assert.Equal(client.Local, first.Mapped);
        Assert.Equal(client.Local, second.Mapped);
        Assert.Equal(StunTransport.Tcp, first.Transport);
        Assert.Equal(1, first.Attempts);
    }

    public static TheoryData<string> Hangups =>
    [
        "closes",
        "resets",
        "half",
        "garbage",
        "http",
        "ssh",
        "not-a-multiple-of-four",
        "length-then-close",
    ];

    [Theory(Timeout = Patience.Milliseconds)]
    [MemberData(nameof(Hangups))]
    public async Task Bind_ServerIsNoUse_FailsAsConnectionLost(string behaviour)
    {
        await using var server = new ScriptedStreamServer(async (stream, from, token) =>
        {
            byte[] request = await ScriptedStreamServer.ReadRequestAsync(stream, token);
            byte[] bytes = behaviour switch
            {
                "half" => Wire.Success(request, from)[..17],
                "garbage" => [.. System.Linq.Enumerable.Repeat((byte)0xFF, 5000)],
                "http" => Encoding.ASCII.GetBytes("HTTP/1.1 400 Bad Request\r\nConnection: keep-alive\r\n\r\n"),
                "ssh" => Encoding.ASCII.GetBytes("SSH-2.0-OpenSSH_9.9\r\n"),
                "not-a-multiple-of-four" => Wire.WithLength(Wire.Success(request, from), 13),
                "length-then-close" => Wire.WithLength(Wire.Success(request, from), 65532),
                _ => [],
            };
            await stream.WriteAsync(bytes, token);
            if (behaviour == "resets")
            {
                ((NetworkStream)stream).Socket.LingerState = new LingerOption(enable: true, 0);
            }

            if (behaviour is "garbage" or "http" or "ssh" or "not-a-multiple-of-four")
            {
                // The client must not wait for the other side to hang up.
                await ScriptedStreamServer.HoldAsync(token);
            }
        });
        await using StunClient client = await StunClient.ConnectAsync(server.Reference, Options);

        StunException error = await Assert.ThrowsAsync<StunException>(() => client.BindAsync());

        Assert.Equal(StunFailure.ConnectionLost, error.Failure);
        Assert.Equal(TimeSpan.Zero, _time.Elapsed);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Bind_ConnectionWasLostBefore_FailsAtOnce()
    {
        await using var server = new ScriptedStreamServer(
            static async (stream, _, token) => await ScriptedStreamServer.ReadRequestAsync(stream, token));
        await using StunClient client = await StunClient.ConnectAsync(server.Reference, Options);
        await Assert.ThrowsAsync<StunException>(() => client.BindAsync());

        StunException error = await Assert.ThrowsAsync<StunException>(() => client.BindAsync());

        Assert.Equal(StunFailure.ConnectionLost, error.Failure);
        Assert.Equal(TimeSpan.Zero, _time.Elapsed);
        Assert.Equal(0, _time.ArmedTimers);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Bind_SilentServer_GivesUpAfterTi()
    {
        await using var server = new ScriptedStreamServer(static (_, _, token) => ScriptedStreamServer.HoldAsync(token));
        await using StunClient client = await StunClient.ConnectAsync(server.Reference, Options);

        StunException error = await Assert.ThrowsAsync<StunException>(() => _time.RunAsync(client.BindAsync()));

        Assert.Equal(StunFailure.NoAnswer, error.Failure);
        Assert.Contains("1 request ", error.Message, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(39.5), _time.Elapsed);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Bind_AnswerByteByByte_IsAssembled()
    {
        await using var server = new ScriptedStreamServer(async (stream, from, token) =>
        {
            byte[] answer = Wire.Success(await ScriptedStreamServer.ReadRequestAsync(stream, token), from);
            for (int i = 0; i < answer.Length; i++)
            {
                await stream.WriteAsync(answer.AsMemory(i, 1), token);
            }

            await ScriptedStreamServer.HoldAsync(token);
        });
        await using StunClient client = await StunClient.ConnectAsync(server.Reference, Options);

        Assert.Equal(client.Local, (await client.BindAsync()).Mapped);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Bind_AnswersInReverseOrder_EachReachesItsRequest()
    {
        await using var server = new ScriptedStreamServer(async (stream, _, token) =>
        {
            byte[] first = await ScriptedStreamServer.ReadRequestAsync(stream, token);
            byte[] second = await ScriptedStreamServer.ReadRequestAsync(stream, token);
            byte[] both =
            [
                .. Wire.Success(second, new IPEndPoint(IPAddress.Parse("192.0.2.2"), 2)),
                .. Wire.Success(first, new IPEndPoint(IPAddress.Parse("192.0.2.1"), 1)),
            ];
            await stream.WriteAsync(both, token);
            await ScriptedStreamServer.HoldAsync(token);
        });
        await using StunClient client = await StunClient.ConnectAsync(server.Reference, Options);

        Task<StunBinding> one = client.BindAsync();
        Task<StunBinding> two = client.BindAsync();

        Assert.Equal(1, (await one).Mapped.Port);
        Assert.Equal(2, (await two).Mapped.Port);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Connect_NobodyListens_SaysSo()
    {
        using var vacant = new DeadPort(ProtocolType.Tcp);

        StunException error = await Assert.ThrowsAsync<StunException>(
            () => StunClient.ConnectAsync(StunServerReference.Parse(vacant.Address), Options));

        Assert.Equal(StunFailure.ConnectionFailed, error.Failure);
        Assert.Equal(0, _time.ArmedTimers);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Connect_NoAnswerToTheHandshake_TimesOut()
    {
        using var full = new FullListener();

        Task<StunClient> task = StunClient.ConnectAsync(full.Reference, Options);
        await _time.WaitForTimerAsync(TimeSpan.FromSeconds(10));
        _time.Advance(TimeSpan.FromSeconds(9.999));
        Assert.False(task.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        StunException error = await Assert.ThrowsAsync<StunException>(() => task);

        Assert.Equal(StunFailure.NoAnswer, error.Failure);
        Assert.Equal(0, _time.ArmedTimers);
    }

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData(25, StunTransport.Tcp)]
    [InlineData(5060, StunTransport.Tcp)]
    [InlineData(5061, StunTransport.Tls)]
    [InlineData(6000, StunTransport.Tcp)]
    [InlineData(6379, StunTransport.Tls)]
    public async Task Connect_PortOfAnotherService_IsRefused(int port, StunTransport transport)
    {
        StunException error = await Assert.ThrowsAsync<StunException>(
            () => StunClient.ConnectAsync(StunServerReference.Parse($"127.0.0.1:{port}"), Options with { Transport = transport }));

        Assert.Equal(StunFailure.ForbiddenPort, error.Failure);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Connect_LocalPort_IsUsedAndFreeAgainAfterwards()
    {
        await using var server = new ScriptedStreamServer(async (stream, from, token) =>
        {
            while (true)
            {
                await stream.WriteAsync(Wire.Success(await ScriptedStreamServer.ReadRequestAsync(stream, token), from), token);
            }
        });
        IPEndPoint local;
        await using (StunClient client = await StunClient.ConnectAsync(server.Reference, Options with { Local = new IPEndPoint(IPAddress.Loopback, 0) }))
        {
            local = client.Local;
            Assert.Equal(local, (await client.BindAsync()).Mapped);
        }

        Assert.Equal(IPAddress.Loopback, local.Address);
        Assert.NotEqual(0, local.Port);
    }
}
