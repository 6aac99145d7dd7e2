using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.TestKit;
using Xunit;

namespace Stack.Transport.Tests;

public sealed class StunClientLifetimeTests
{
    private readonly ManualTimeProvider _time = new();

    private StunClientOptions Options => new() { TimeProvider = _time };

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Connect_CancelledWhileConnecting_StopsAtOnce()
    {
        using var full = new FullListener();
        using var cancel = new CancellationTokenSource();
        Task<StunClient> task = StunClient.ConnectAsync(full.Reference, Options with { Transport = StunTransport.Tcp }, cancel.Token);
        await _time.WaitForTimerAsync(TimeSpan.FromSeconds(10));

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
        Assert.Equal(0, _time.ArmedTimers);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Connect_CancelledInTheHandshake_ClosesTheConnection()
    {
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = new ScriptedStreamServer(async (stream, _, token) =>
        {
            byte[] buffer = new byte[4096];
            try
            {
                while (await stream.ReadAsync(buffer, token) != 0)
                {
                }
            }
            finally
            {
                closed.TrySetResult();
            }
        });
        using var cancel = new CancellationTokenSource();
        Task<StunClient> task = StunClient.ConnectAsync(server.Reference, Options with { Transport = StunTransport.Tls }, cancel.Token);
        await server.Accepted.WaitAsync();

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
        await closed.Task;
        Assert.Equal(0, _time.ArmedTimers);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Connect_CancelledBefore_DoesNotConnect()
    {
        await using var server = ScriptedUdpServer.Plain();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => StunClient.ConnectAsync(server.Reference, Options, new CancellationToken(canceled: true)));
        Assert.Equal(0, _time.ArmedTimers);
    }

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Bind_CancelledWhileWaiting_LeavesTheClientUsable(bool hasCredential)
    {
        bool silent = true;
        await using var server = new ScriptedUdpServer((request, from) => silent ? [] : [Wire.Success(request, from)]);
        await using StunClient client = await StunClient.ConnectAsync(
            server.Reference,
            Options with { Credential = hasCredential ? LongTermScript.Credential : null });
        using var cancel = new CancellationTokenSource();
        Task<StunBinding> task = client.BindAsync(cancel.Token);
        await server.Received.WaitAsync();

        await cancel.CancelAsync();

        OperationCanceledException error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
        Assert.Equal(cancel.Token, error.CancellationToken);
        Assert.Equal(0, _time.ArmedTimers);
        silent = false;
        Assert.Equal(client.Local, (await client.BindAsync()).Mapped);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Bind_CancelledBefore_SendsNothing()
    {
        await using var server = ScriptedUdpServer.Plain();
        await using StunClient client = await StunClient.ConnectAsync(server.Reference, Options);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.BindAsync(new CancellationToken(canceled: true)));
        await client.BindAsync();

        Assert.Single(server.Requests);
    }

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData(StunTransport.Udp, false)]
    [InlineData(StunTransport.Udp, true)]
    [InlineData(StunTransport.Tcp, false)]
    public async Task Dispose_RequestsWaiting_AllEndAsDisposed(StunTransport transport, bool hasCredential)
    {
        await using var udp = ScriptedUdpServer.Silent();
        await using var tcp = new ScriptedStreamServer(static (_, _, token) => ScriptedStreamServer.HoldAsync(token));
        StunClient client = await StunClient.ConnectAsync(
            transport == StunTransport.Udp ? udp.Reference : tcp.Reference,
            Options with { Transport = transport, Credential = hasCredential ? LongTermScript.Credential : null });
        Task<StunBinding>[] tasks = [.. Enumerable.Range(0, 25).Select(_ => client.BindAsync())];

        await client.DisposeAsync();

        foreach (Task<StunBinding> task in tasks)
        {
            await Assert.ThrowsAsync<ObjectDisposedException>(() => task);
        }

        Assert.Equal(0, _time.ArmedTimers);
    }

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData(StunTransport.Udp)]
    [InlineData(StunTransport.Tcp)]
    public async Task Dispose_TwiceAndAtOnce_IsHarmless(StunTransport transport)
    {
        await using var udp = ScriptedUdpServer.Plain();
        await using var tcp = new ScriptedStreamServer(static (_, _, token) => ScriptedStreamServer.HoldAsync(token));
        StunClient client = await StunClient.ConnectAsync(
            transport == StunTransport.Udp ? udp.Reference : tcp.Reference,
            Options with { Transport = transport });

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () => await client.DisposeAsync())));
        await client.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.BindAsync());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.RequestAsync(StunMethod.Binding, null));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Bind_HundredAtOnce_TenAreOutstandingAndAllAreAnswered()
    {
        bool holding = true;
        await using var server = new ScriptedUdpServer((request, from) => holding ? [] : [Wire.Success(request, from)]);
        await using StunClient client = await StunClient.ConnectAsync(server.Reference, Options);

        Task<StunBinding>[] tasks = [.. Enumerable.Range(0, 100).Select(_ => client.BindAsync())];
        for (int i = 0; i < 10; i++)
        {
            await server.Received.WaitAsync();
        }

        Assert.Equal(10, server.Requests.Count);
        holding = false;
        _time.Advance(TimeSpan.FromMilliseconds(500));
        StunBinding[] bindings = await Task.WhenAll(tasks);

        Assert.All(bindings, binding => Assert.Equal(client.Local, binding.Mapped));
        Assert.Equal(100, server.Requests.Select(request => Wire.Id(request)).Distinct().Count());
        await _time.WaitUntilNoneIsArmedAsync();
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Bind_CancelledInTheQueue_GivesItsPlaceUp()
    {
        bool silent = true;
        await using var server = new ScriptedUdpServer((request, from) => silent ? [] : [Wire.Success(request, from)]);
        await using StunClient client = await StunClient.ConnectAsync(server.Reference, Options);
        using var cancel = new CancellationTokenSource();
        Task<StunBinding>[] tasks = [.. Enumerable.Range(0, 30).Select(_ => client.BindAsync(cancel.Token))];

        await cancel.CancelAsync();

        foreach (Task<StunBinding> task in tasks)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
        }

        silent = false;
        Assert.Equal(client.Local, (await client.BindAsync()).Mapped);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Request_AttributeWriterThrows_LeavesTheClientUsable()
    {
        await using var server = ScriptedUdpServer.Plain();
        await using StunClient client = await StunClient.ConnectAsync(server.Reference, Options);

        for (int i = 0; i < 20; i++)
        {
            await Assert.ThrowsAsync<InvalidTimeZoneException>(
                () => client.RequestAsync(StunMethod.Binding, static (ref StunMessageWriter _) => throw new InvalidTimeZoneException()));
        }

        Assert.Equal(client.Local, (await client.BindAsync()).Mapped);
    }

    [Fact]
    public async Task Connect_NoReference_ThrowsAtOnce()
    {
        Assert.Throws<ArgumentNullException>(() => { _ = StunClient.ConnectAsync(null!); });
        Assert.Throws<FormatException>(() => { _ = StunClient.ConnectAsync("a..b"); });
        await Assert.ThrowsAsync<ArgumentNullException>(() => StunClient.ConnectAsync(null!, new StunClientOptions()));
    }
}
