using System;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.TestKit;
using Xunit;

namespace Stack.Transport.Tests;

public sealed class ConnectionRaceTests
{
    private static readonly TimeSpan AttemptDelay = TimeSpan.FromMilliseconds(250);

    // Of this class alone, so that a port of the first is free at the second.
    private static readonly IPAddress FirstAddress = IPAddress.Parse("127.0.77.1");
    private static readonly IPAddress SecondAddress = IPAddress.Parse("127.0.77.2");

    private readonly ManualTimeProvider _time = new();

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData("::1", StunTransport.Udp)]
    [InlineData("127.0.77.1", StunTransport.Udp)]
    [InlineData("::1", StunTransport.Tcp)]
    [InlineData("127.0.77.1", StunTransport.Tcp)]
    public async Task Connect_OnlyOneFamilyHasAServer_FindsIt(string address, StunTransport transport)
    {
        await using StunServer server = await StunServer.StartAsync(new StunServerOptions
        {
            Listen = [new StunListenEndPoint(transport, new IPEndPoint(IPAddress.Parse(address), 0))],
            TimeProvider = new SlowTimeProvider(20),
        });
        var options = new StunClientOptions
        {
            Transport = transport,
            Locator = new FixedHosts(IPAddress.IPv6Loopback, FirstAddress).Locator,
            TimeProvider = _time,
        };

        Task<StunClient> task = StunClient.ConnectAsync(StunServerReference.Parse($"localhost:{server.EndPoints[0].EndPoint.Port}"), options);
        if (await Task.WhenAny(task, _time.WaitForTimerAsync(AttemptDelay)) != task)
        {
            _time.Advance(AttemptDelay);
        }

        await using StunClient client = await task;
        StunBinding binding = await client.BindAsync();

        Assert.Equal(server.EndPoints[0].EndPoint, client.Server);
        Assert.Equal(client.Local, binding.Mapped);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Connect_Localhost_ByTheSystemsResolver()
    {
        await using StunServer server = await StunServer.StartAsync(new StunServerOptions
        {
            Listen = [new StunListenEndPoint(StunTransport.Udp, new IPEndPoint(IPAddress.Loopback, 0))],
        });

        await using StunClient client = await StunClient.ConnectAsync(
            StunServerReference.Parse($"localhost:{server.EndPoints[0].EndPoint.Port}"),
            new StunClientOptions { Locator = new StunServerLocator(new DnsClient(), time: new SlowTimeProvider(20)) });

        Assert.Equal(client.Local, (await client.BindAsync()).Mapped);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Connect_FirstAddressAnswersInTime_SecondIsNotTried()
    {
        await using var server = new ScriptedUdpServer(static (request, from) => [Wire.Success(request, from)], FirstAddress);
        await using ScriptedUdpServer second = SilentSecond(server);

        await using StunClient client = await StunClient.ConnectAsync(
            StunServerReference.Parse($"host.example:{server.EndPoint.Port}"), new StunClientOptions { Locator = BothAddresses, TimeProvider = _time });

        Assert.Equal(server.EndPoint, client.Server);
        Assert.Empty(second.Requests);
        await _time.WaitUntilNoneIsArmedAsync();
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Connect_FirstAddressSilent_SecondIsTriedAfter250Milliseconds()
    {
        await using ScriptedUdpServer first = SilentFirst();
        await using var second = new ScriptedUdpServer(static (request, from) => [Wire.Success(request, from)], SecondAddress, first.EndPoint.Port);
        Task<StunClient> task = StunClient.ConnectAsync(
            StunServerReference.Parse($"host.example:{first.EndPoint.Port}"), new StunClientOptions { Locator = BothAddresses, TimeProvider = _time });
        await first.Received.WaitAsync();
        await _time.WaitForTimerAsync(AttemptDelay);

        _time.Advance(AttemptDelay);
        await using StunClient client = await task;

        Assert.Equal(second.EndPoint, client.Server);
        Assert.Equal(AttemptDelay, _time.Elapsed);
        await _time.WaitUntilNoneIsArmedAsync();
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Run_NobodyAnswers_ReportsTheFirstAddress()
    {
        var options = new StunClientOptions { Locator = BothAddresses, TimeProvider = _time };
        await using ScriptedUdpServer first = SilentFirst();
        await using ScriptedUdpServer second = SilentSecond(first);

        StunException error = await Assert.ThrowsAsync<StunException>(
            () => _time.RunAsync(StunClient.ConnectAsync(StunServerReference.Parse($"host.example:{first.EndPoint.Port}"), options)));

        Assert.Equal(StunFailure.NoAnswer, error.Failure);
        Assert.Contains("127.0.77.1", error.Message, StringComparison.Ordinal);
        await _time.WaitUntilNoneIsArmedAsync();
    }

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Run_Cancelled_StopsEveryAttempt(int attempts)
    {
        using var cancel = new CancellationTokenSource();
        await using ScriptedUdpServer first = SilentFirst();
        await using ScriptedUdpServer second = SilentSecond(first);
        Task<StunClient> task = StunClient.ConnectAsync(
            StunServerReference.Parse($"host.example:{first.EndPoint.Port}"),
            new StunClientOptions { Locator = BothAddresses, TimeProvider = _time },
            cancel.Token);
        await first.Received.WaitAsync();
        if (attempts == 2)
        {
            await _time.WaitForTimerAsync(AttemptDelay);
            _time.Advance(AttemptDelay);
            await second.Received.WaitAsync();
        }

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
        await _time.WaitUntilNoneIsArmedAsync();
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Run_LoserEndsAfterTheWinner_IsClosed()
    {
        var late = new Connection();
        var lateTask = new TaskCompletionSource<Connection>();
        var winner = new Connection();

        Task<Connection> race = ConnectionRace.RunAsync(
            [1, 2],
            (_, token) =>
            {
                if (lateTask.Task.IsCompleted || late.Started++ > 0)
                {
                    return Task.FromResult(winner);
                }

                token.Register(() => lateTask.SetResult(late));
                return lateTask.Task;
            },
            _time,
            CancellationToken.None);
        await _time.WaitForTimerAsync(AttemptDelay);
        _time.Advance(AttemptDelay);

        Assert.Same(winner, await race);
        Assert.True(late.IsDisposed);
        Assert.False(winner.IsDisposed);
    }

    private static StunServerLocator BothAddresses => new FixedHosts(FirstAddress, SecondAddress).Locator;

    private static ScriptedUdpServer SilentFirst() => new(static (_, _) => [], FirstAddress);

    private static ScriptedUdpServer SilentSecond(ScriptedUdpServer first) => new(static (_, _) => [], SecondAddress, first.EndPoint.Port);

    private sealed class Connection : IAsyncDisposable
    {
        public int Started { get; set; }

        public bool IsDisposed { get; private set; }

        public ValueTask DisposeAsync()
        {
            IsDisposed = true;
            return ValueTask.CompletedTask;
        }
    }
}
