using System;
using System.Collections.Concurrent;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using Stack.Transport;
using Xunit;

namespace Stack.Signaling.Server.Tests;

/// <summary>A server on loopback. That it met no defect of its own is asserted at the end of each test.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    /// <summary>More time than a test takes, wherever the machine holds it up.</summary>
    public static readonly TimeSpan Long = TimeSpan.FromMinutes(5);

    /// <summary>Limits that a test on one address can live with.</summary>
    public static readonly SignalingLimits Roomy = SignalingLimits.Default with
    {
        MaxConnectionsPerAddress = 10_000,
        ConnectsPerSecond = 10_000,
        FirstMessageTimeout = Long,
        ResumeGrace = Long,
    };

    private readonly ConcurrentQueue<ServerLogRecord> _records;

    private RunningServer(SignalingServerHost host, ConcurrentQueue<ServerLogRecord> records) => (Host, _records) = (host, records);

    public SignalingServerHost Host { get; }

    public IPEndPoint EndPoint => Host.EndPoints[0].EndPoint;

    public string[] Log => [.. _records.Select(static record => $"{record.Class}: {record.Message} {string.Join(' ', record.Fields.Select(static one => $"{one.Name}={one}"))}")];

    public static SignalingServerOptions Options => new()
    {
        Listen = [new SignalingListenEndPoint(false, new IPEndPoint(IPAddress.Loopback, 0))],
        Limits = Roomy,
        PendingConnectionsPerAddress = 10_000,

        // Clients of bare bytes answer no ping.
        PingInterval = Long,
    };

    public static async Task<RunningServer> StartAsync(Func<SignalingServerOptions, SignalingServerOptions>? change = null)
    {
        ConcurrentQueue<ServerLogRecord> records = new();
        SignalingServerOptions options = Options with { Log = records.Enqueue };
        return new RunningServer(await SignalingServerHost.StartAsync(change is null ? options : change(options)), records);
    }

    /// <summary>Waits until the server's counts are as a test needs them.</summary>
    public async Task UntilAsync(Predicate<SignalingCounts> condition)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        CancellationToken patience = Patience.Token();
        while (!condition(Host.Counts))
        {
            await timer.WaitForNextTickAsync(patience);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        Assert.DoesNotContain(_records, static record => record.Class is "fault" or "http" && !IsAboutTheMachine(record));
    }

    // Kestrel warns of its own heartbeat where the machine has held up a thread.
    private static bool IsAboutTheMachine(ServerLogRecord record)
        => record.Class == "http" && record.Fields.Any(static field => $"{field}".Contains("heartbeat", StringComparison.Ordinal));
}
