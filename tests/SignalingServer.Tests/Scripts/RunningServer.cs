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
    /// <summary>Limits that a test on one address can live with.</summary>
    public static readonly SignalingLimits Roomy = SignalingLimits.Default with { MaxConnectionsPerAddress = 10_000, ConnectsPerSecond = 10_000 };

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
        Assert.DoesNotContain(_records, static record => record.Class is "fault" or "http");
    }
}
