using System;
using System.Collections.Concurrent;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.TestKit;
using Xunit;

namespace Stack.Transport.Tests;

public sealed class NatDiscoveryClientTests
{
    private readonly ManualTimeProvider _time = new();

    // Every probe is answered, so patience costs nothing.
    private static NatDiscoveryClientOptions Fast => new()
    {
        Discovery = new NatDiscoveryOptions { Pacing = TimeSpan.FromMilliseconds(1), Schedule = RetransmissionSchedule.Default },
    };

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Run_ServerWithTwoAddresses_FindsTheOpenInternet()
    {
        await using StunServer server = await Servers.StartForDiscoveryAsync(static o => o with { RateLimit = null });
        var progress = new ConcurrentQueue<NatEvidence>();

        NatReport report = await NatDiscoveryClient.RunAsync(
            [StunServerReference.Parse(server.At().ToString())], Fast with { Progress = progress.Enqueue });

        Assert.Equal(NatMapping.EndpointIndependent, report.Mapping);
        Assert.Equal(NatFiltering.EndpointIndependent, report.Filtering);
        Assert.Equal(ClassicNatType.OpenInternet, report.Classic);
        Assert.False(report.Natted);
        Assert.True(report.PortPreserving);
        Assert.False(report.GenericAlg);
        Assert.Null(report.MappingNote);
        Assert.Null(report.FilteringNote);
        Assert.Equal(report.Local, report.Mapped);
        Assert.Equal(IPAddress.Loopback, Assert.Single(report.ExternalAddresses).ToIPAddress());
        string[] tests = [.. report.Evidence.Select(e => e.Test)];
        foreach (string test in new[] { "mapping-1", "mapping-2", "mapping-3", "mapping-4", "filtering-2" })
        {
            Assert.Contains(test, tests);
        }

        Assert.All(report.Evidence, e => Assert.Equal(NatProbeOutcome.Answered, e.Outcome));
        Assert.Equal(report.Evidence, progress);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Run_OverIPv6_IsOpenToo()
    {
        await using StunServer server = await StunServer.StartAsync(new StunServerOptions { Listen = [Servers.Listen(StunTransport.Udp, "::1")] });

        NatReport report = await NatDiscoveryClient.RunAsync([StunServerReference.Parse(server.At().ToString())], Fast);

        Assert.False(report.Natted);
        Assert.Equal(NatMapping.EndpointIndependent, report.Mapping);
        Assert.Equal(StunAddressFamily.IPv6, report.Mapped!.Value.Family);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Run_ServerWithOneAddress_LeavesFilteringUnknownAndSaysWhy()
    {
        await using StunServer server = await Servers.StartAsync(StunTransport.Udp);

        NatReport report = await NatDiscoveryClient.RunAsync([StunServerReference.Parse(server.At().ToString())], Fast);

        Assert.Equal(NatFiltering.Unknown, report.Filtering);
        Assert.Contains("second address", report.FilteringNote, StringComparison.Ordinal);
        Assert.Equal(NatMapping.EndpointIndependent, report.Mapping);
        Assert.Equal(ClassicNatType.Unknown, report.Classic);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Run_OneOfTwoServersDead_UsesTheOther()
    {
        await using var dead = ScriptedUdpServer.Silent();
        await using StunServer server = await Servers.StartForDiscoveryAsync(static o => o with { RateLimit = null });

        NatReport report = await NatDiscoveryClient.RunAsync([dead.Reference, StunServerReference.Parse(server.At().ToString())], Fast);

        Assert.Equal(ClassicNatType.OpenInternet, report.Classic);
    }

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData("silent")]
    [InlineData("garbage")]
    [InlineData("wrong-transaction")]
    public async Task Run_NoUsableAnswer_IsUdpBlocked(string behaviour)
    {
        await using var server = new ScriptedUdpServer((request, from) => behaviour switch
        {
            "garbage" => [[], new byte[1500], request, Wire.Success(request, from)[..30]],
            "wrong-transaction" => [Wire.Success(Wire.Request(), from)],
            _ => [],
        });

        NatReport report = await _time.RunAsync(NatDiscoveryClient.RunAsync([server.Reference], new NatDiscoveryClientOptions { TimeProvider = _time }));

        Assert.Equal(ClassicNatType.UdpBlocked, report.Classic);
        Assert.Equal(NatMapping.Unknown, report.Mapping);
        Assert.Equal("no server answered over UDP", report.MappingNote);
        Assert.Equal("no server answered over UDP", report.FilteringNote);
        Assert.Null(report.Natted);
        Assert.Null(report.Mapped);
        Assert.Equal(7, Assert.Single(report.Evidence).Attempts);
        Assert.Equal(0, _time.ArmedTimers);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Run_Timeout_ReportsWhatIsKnown()
    {
        await using var server = ScriptedUdpServer.Silent();
        Task<NatReport> task = NatDiscoveryClient.RunAsync(
            [server.Reference], new NatDiscoveryClientOptions { TimeProvider = _time, Timeout = TimeSpan.FromSeconds(3) });
        await _time.WaitForTimerAsync(TimeSpan.FromSeconds(3));

        _time.Advance(TimeSpan.FromSeconds(3));
        NatReport report = await task;

        Assert.Equal(NatMapping.Unknown, report.Mapping);
        Assert.Contains("time ran out", report.MappingNote, StringComparison.Ordinal);
        Assert.Contains("time ran out", report.FilteringNote, StringComparison.Ordinal);
        Assert.Equal(ClassicNatType.Unknown, report.Classic);
        Assert.Equal(0, _time.ArmedTimers);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Run_Cancelled_Stops()
    {
        await using var server = ScriptedUdpServer.Silent();
        using var cancel = new CancellationTokenSource();
        Task<NatReport> task = NatDiscoveryClient.RunAsync([server.Reference], new NatDiscoveryClientOptions { TimeProvider = _time }, cancel.Token);
        await server.Received.WaitAsync();

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
        Assert.Equal(0, _time.ArmedTimers);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Run_ProgressThrows_FailsWithThatException()
    {
        await using StunServer server = await Servers.StartForDiscoveryAsync(static o => o with { RateLimit = null });

        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => NatDiscoveryClient.RunAsync(
            [StunServerReference.Parse(server.At().ToString())],
            Fast with { Progress = static _ => throw new InvalidTimeZoneException() }));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Run_ProgressThrowsOnTheTimer_FailsWithThatException()
    {
        await using var server = ScriptedUdpServer.Silent();

        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => _time.RunAsync(NatDiscoveryClient.RunAsync(
            [server.Reference],
            new NatDiscoveryClientOptions { TimeProvider = _time, Progress = static _ => throw new InvalidTimeZoneException() })));
    }

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData("192.0.2.77")]
    [InlineData("::1")]
    public async Task Run_LocalAddressOfNoUse_IsAnErrorAndNoVerdict(string local)
    {
        await using StunServer server = await Servers.StartAsync(StunTransport.Udp);

        StunException error = await Assert.ThrowsAsync<StunException>(() => NatDiscoveryClient.RunAsync(
            [StunServerReference.Parse(server.At().ToString())], Fast with { Local = IPAddress.Parse(local) }));

        Assert.Equal(StunFailure.LocalAddress, error.Failure);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Run_LocalAddress_IsTheOneThatProbesLeaveFrom()
    {
        await using var server = ScriptedUdpServer.Plain();

        NatReport report = await NatDiscoveryClient.RunAsync([server.Reference], Fast with { Local = IPAddress.Parse("127.0.0.3") });

        Assert.Equal("127.0.0.3", report.Local!.Value.ToIPAddress().ToString());
        Assert.False(report.Natted);
    }

    [Fact]
    public async Task Run_NoServers_IsTheCallersMistake()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => NatDiscoveryClient.RunAsync([], new NatDiscoveryClientOptions()));
        Assert.Throws<FormatException>(() => { _ = NatDiscoveryClient.RunAsync(["a..b"]); });
        Assert.Throws<ArgumentNullException>(() => { _ = NatDiscoveryClient.RunAsync(null!); });
    }
}
