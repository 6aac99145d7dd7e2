using System;
using System.Linq;
using System.Net.Sockets;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.TestKit;
using Xunit;

namespace Stack.Transport.Tests;

[Collection(ProcessWide.Name)]
public sealed class StunServerMetricsTests
{
    private static readonly TimeSpan TenSeconds = TimeSpan.FromSeconds(10);

    private readonly ManualTimeProvider _time = new();

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Datagrams_EveryOutcome_IsCounted()
    {
        using var counts = new MeterCounts();
        await using StunServer server = await Servers.StartAsync(StunTransport.Udp, _time, static o => o with { RateLimit = new ReplyRateLimit(1, 2, 100) });
        using Socket client = RawClient.Udp();
        byte[] unknown = Wire.Request(attributes: static (ref StunMessageWriter writer) => writer.AddFlag((StunAttributeType)0x7000));

        foreach (string kind in new[] { "empty", "all-ff", "success", "indication", "allocate", "wrong-fingerprint" })
        {
            await client.SendToAsync(StunServerTests.Dropped(kind), server.At());
        }

        await RawClient.AskAsync(client, server.At());
        await RawClient.AskAsync(client, server.At(), unknown);
        await client.SendToAsync(Wire.Request(), server.At());
        await counts.WaitAsync("datagrams outcome=rate-limited transport=udp");

        Assert.Equal(2, counts["datagrams outcome=malformed transport=udp"]);
        Assert.Equal(2, counts["datagrams outcome=not-a-request transport=udp"]);
        Assert.Equal(1, counts["datagrams outcome=unknown-method transport=udp"]);
        Assert.Equal(1, counts["datagrams outcome=wrong-fingerprint transport=udp"]);
        Assert.Equal(1, counts["datagrams outcome=answered transport=udp"]);
        Assert.Equal(1, counts["datagrams outcome=refused transport=udp"]);
        Assert.Equal(1, counts["datagrams outcome=rate-limited transport=udp"]);
        Assert.Equal(0, counts["faults"]);
        Assert.Equal(0, counts["send_failures"]);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Faults_OfEachTransport_AreCounted()
    {
        using var counts = new MeterCounts();
        var time = new FaultyTimeProvider();
        await using StunServer server = await Servers.StartAsync(StunTransport.Udp, time, static o => o with
        {
            Listen = [Servers.Listen(StunTransport.Udp), Servers.Listen(StunTransport.Tcp)],
        });
        using Socket udp = RawClient.Udp();
        time.Fail(1);
        await udp.SendToAsync(Wire.Request(), server.At(StunTransport.Udp));
        await counts.WaitAsync("faults");
        using Socket tcp = await RawClient.TcpAsync(server.At(StunTransport.Tcp));
        await tcp.SendAsync(Wire.Request());
        Assert.NotEmpty(await RawClient.ReadMessageAsync(tcp));
        time.Fail(1);
        await tcp.SendAsync(Wire.Request());

        await counts.WaitAsync("faults", 2);
        await counts.WaitAsync("connections outcome=failed");
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Connection_PeerDoesNotRead_IsGivenUp()
    {
        using var counts = new MeterCounts();

        // Long answers, since buffers of megabytes are to be filled with them. The clock of the system, since the limit is waited for.
        await using StunServer server = await Servers.StartAsync(StunTransport.Tcp, TimeProvider.System, static o => o with
        {
            Software = new string('s', 127),
            Connections = new StunConnectionLimits { SendTimeout = TimeSpan.FromMilliseconds(200) },
        });
        using Socket client = await RawClient.TcpAsync(server.At());
        client.ReceiveBufferSize = 4096;
        byte[] requests = [.. Enumerable.Range(0, 1000).SelectMany(_ => Wire.Request())];

        // Nothing is read here, so all buffers on the way fill until an answer of the server is stuck.
        Task sending = Task.Run(async () =>
        {
            while (await client.SendAsync(requests) != 0)
            {
            }
        });
        await counts.WaitAsync("connections outcome=timed-out");

        client.Dispose();
        await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Connections_EveryOutcome_IsCounted()
    {
        using var counts = new MeterCounts();
        StunServer server = await StunServer.StartAsync(new StunServerOptions
        {
            Listen = [Servers.Listen(StunTransport.Tcp), Servers.Listen(StunTransport.Tls)],
            Certificate = TestCertificates.Localhost,
            TimeProvider = _time,
            Connections = new StunConnectionLimits { MaxConnectionsPerSource = 1 },
        });
        int accepted = 0;
        foreach ((StunTransport transport, byte[] bytes, string outcome) in new (StunTransport, byte[], string)[]
        {
            (StunTransport.Tcp, [], "closed"),
            (StunTransport.Tcp, Wire.Request(), "closed"),
            (StunTransport.Tcp, new byte[100], "not-stun"),
            (StunTransport.Tcp, Wire.WithLength(Wire.Request(), 65532), "too-large"),
            (StunTransport.Tls, new byte[100], "tls-failed"),
        })
        {
            long before = counts[$"connections outcome={outcome}"];

            // From a source of its own: an outcome is counted a moment before the source gets its place back.
            using Socket client = await RawClient.TcpAsync(server.At(transport), $"127.0.0.{10 + accepted}");
            await client.SendAsync(bytes);
            client.Shutdown(SocketShutdown.Send);
            await counts.WaitAsync($"connections outcome={outcome}", before + 1);
            accepted++;
        }

        using (Socket stalled = await RawClient.TcpAsync(server.At(), $"127.0.0.{10 + accepted}"))
        {
            await _time.WaitForTimerAsync(TenSeconds);
            _time.Advance(TenSeconds);
            await counts.WaitAsync("connections outcome=timed-out");
            accepted++;
        }

        using Socket open = await RawClient.TcpAsync(server.At(), "127.0.0.99");
        await open.SendAsync(Wire.Request());
        Assert.NotEmpty(await RawClient.ReadMessageAsync(open));
        accepted++;
        using Socket tooMany = await RawClient.TcpAsync(server.At(), "127.0.0.99");
        await counts.WaitAsync("connections outcome=over-limit");
        await server.DisposeAsync();

        Assert.Equal(accepted, counts["connections outcome=accepted"]);
        Assert.Equal(1, counts["connections outcome=over-limit"]);
        Assert.Equal(1, counts["connections outcome=stopped"]);
    }
}
