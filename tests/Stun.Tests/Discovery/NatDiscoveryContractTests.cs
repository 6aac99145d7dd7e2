using System;
using System.Collections.Generic;
using System.Linq;
using Stack.TestKit;
using Xunit;

namespace Stack.Stun.Tests;

/// <summary>The contract of design section 2, the pacing of RFC 5780 section 5, and one whole run as a list.</summary>
public sealed class NatDiscoveryContractTests
{
    private static readonly TransportAddress A1P1 = DiscoveryScenario.Alternate.Primary;
    private static readonly TransportAddress A2P2 = DiscoveryScenario.Alternate.Alternate;

    private static readonly DiscoveryScenario OpenInternet = new()
    {
        Nat = DiscoveryScenario.Unnatted(NatFiltering.EndpointIndependent),
        LocalAddress = DiscoveryScenario.Address("203.0.113.5:0"),
    };

    [Fact]
    public void Discovery_OpenInternet_SendsExactlyThis()
    {
        OpenInternet.Run(out NatDiscoveryRun run);
        Assert.Equal(
            [
                "0 #0 192.0.2.10:3478",
                "100 #0 192.0.2.20:3478",
                "200 #0 192.0.2.20:3479",
                "300 #0 192.0.2.10:3479",
                "400 #3 192.0.2.10:3478 ChangePort, ChangeIP",
            ],
            run.Transmits.Select(t => $"{Milliseconds(t.When)} #{t.Socket} {t.To}{Flags(t.Bytes)}"));
        Assert.Equal(
            [
                "40 mapping-1 Answered",
                "140 mapping-2 Answered",
                "240 mapping-3 Answered",
                "340 mapping-4 Answered",
                "440 filtering-2 Answered",
            ],
            run.Evidence.Select(e => $"{Milliseconds(e.When)} {e.Evidence.Test} {e.Evidence.Outcome}"));

        // After each input: the retransmission, the next start, or the end.
        Assert.Equal(
            ["0>500", "40>100", "100>200", "140>200", "200>300", "240>300", "300>420", "340>400", "400>500", "440>"],
            run.Deadlines.Select(d => $"{Milliseconds(d.When)}>{(d.Next is { } next ? Milliseconds(next) : "")}"));
    }

    [Fact]
    public void Discovery_EveryProbe_IsABareBindingRequest()
    {
        OpenInternet.Run(out NatDiscoveryRun run);
        Assert.All(run.Transmits, t =>
        {
            Assert.Equal(StunDecodeStatus.Ok, StunMessage.Decode(t.Bytes, out StunMessage message));
            Assert.Equal(StunMessageType.BindingRequest, message.Type);
            Assert.Equal(Flags(t.Bytes).Length == 0 ? 20 : 28, t.Bytes.Length);
        });
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.3)]
    public void Discovery_AnySecond_HasTenNewTransactionsAtMost(double loss)
    {
        for (ulong seed = 1; seed <= 20; seed++)
        {
            new DiscoveryScenario
            {
                Nat = DiscoveryScenario.Behind(NatMapping.AddressDependent, NatFiltering.AddressDependent) with { Hairpinning = true },
                Link = new LinkConditions { Loss = loss, MinLatency = TimeSpan.FromMilliseconds(2), MaxLatency = TimeSpan.FromMilliseconds(5) },
                Servers = [new BindingVirtualServer(DiscoveryScenario.Alternate)],
                Seed = seed,
            }.Run(out NatDiscoveryRun run);
            for (int i = 0; i + 10 < run.Starts.Count; i++)
            {
                Assert.True(run.Starts[i + 10] - run.Starts[i] >= TimeSpan.FromSeconds(1));
            }
        }
    }

    [Fact]
    public void Discovery_Phases_UseFreshSocketsAfterMapping()
    {
        new DiscoveryScenario { Nat = DiscoveryScenario.Behind(NatMapping.EndpointIndependent, NatFiltering.AddressAndPortDependent) }
            .Run(out NatDiscoveryRun run);
        int firstOther = run.Transmits.FindIndex(static t => t.Socket != 0);
        Assert.All(run.Transmits.Skip(firstOther), static t => Assert.NotEqual(0, t.Socket));

        // The sockets that filtering is judged by never send to the endpoints that they wait for.
        HashSet<int> filtering = [.. run.Transmits.Where(static t => Flags(t.Bytes).Length != 0).Select(static t => t.Socket)];
        Assert.Equal(2, filtering.Count);
        Assert.All(run.Transmits.Where(t => filtering.Contains(t.Socket)), static t => Assert.Equal(A1P1, t.To));
    }

    [Fact]
    public void Discovery_StoppedAtAnyTime_EndsAtOnceWithNotes()
    {
        for (int ms = 0; ms <= 9000; ms += 50)
        {
            NatReport report = new DiscoveryScenario
            {
                Nat = DiscoveryScenario.Behind(NatMapping.EndpointIndependent, NatFiltering.AddressAndPortDependent),
                Servers = [new BindingVirtualServer(DiscoveryScenario.Alternate)],
                StopAt = Instant.Zero + TimeSpan.FromHours(1) + TimeSpan.FromMilliseconds(ms),
            }.Run(out NatDiscoveryRun run);
            Assert.True(run.Now.SinceOrigin <= TimeSpan.FromHours(1) + TimeSpan.FromMilliseconds(ms));
            Assert.Equal(report.Mapping == NatMapping.Unknown, report.MappingNote is not null);
            Assert.Equal(report.Filtering == NatFiltering.Unknown, report.FilteringNote is not null);
            Assert.NotEqual(ClassicNatType.UdpBlocked, report.Classic);
        }
    }

    [Fact]
    public void Discovery_StoppedWhileTheLifetimeIsMeasured_SaysSo()
    {
        NatReport report = new DiscoveryScenario
        {
            Options = new NatDiscoveryOptions { MeasureLifetime = true },
            StopAt = Instant.Zero + TimeSpan.FromHours(1) + TimeSpan.FromSeconds(60),
        }.Run();
        Assert.Equal(ClassicNatType.FullCone, report.Classic);
        Assert.Null(report.LifetimeBelow);
        Assert.Equal("the time ran out before this was known", report.LifetimeNote);
    }

    [Fact]
    public void Discovery_AfterStop_IsSilent()
    {
        using var ids = new SeededRandom(1);
        var discovery = new NatDiscovery([A1P1], ids);
        discovery.Start(Instant.Zero);
        discovery.Stop(Instant.Zero);
        byte[] buffer = new byte[64];
        Assert.False(discovery.TryReadTransmit(buffer, Instant.Zero, out _));
        Assert.Null(discovery.NextTimeout);
        Assert.True(discovery.IsCompleted);
        discovery.HandleTimeout(Instant.Zero + TimeSpan.FromHours(1));
        discovery.HandleDatagram(0, new byte[20], A1P1, Instant.Zero + TimeSpan.FromHours(1));
        discovery.HandleUnreachable(0, A1P1, Instant.Zero + TimeSpan.FromHours(1));
        discovery.Stop(Instant.Zero + TimeSpan.FromHours(1));
        Assert.False(discovery.TryReadTransmit(buffer, Instant.Zero + TimeSpan.FromHours(2), out _));
        Assert.Throws<InvalidOperationException>(() => discovery.Start(Instant.Zero + TimeSpan.FromHours(2)));
    }

    [Fact]
    public void Discovery_StoppedBeforeItStarts_CannotStart()
    {
        using var ids = new SeededRandom(1);
        var discovery = new NatDiscovery([A1P1], ids);
        discovery.Stop(Instant.Zero);
        Assert.Throws<InvalidOperationException>(() => discovery.Start(Instant.Zero));
        Assert.False(discovery.TryReadTransmit(new byte[64], Instant.Zero, out _));
    }

    [Fact]
    public void Discovery_CallersMistakes_Throw()
    {
        using var ids = new SeededRandom(1);
        Assert.Throws<ArgumentException>(() => new NatDiscovery([], ids));
        Assert.Throws<ArgumentException>(() => new NatDiscovery([.. Enumerable.Repeat(A1P1, NatDiscovery.MaxServers + 1)], ids));
        Assert.Throws<ArgumentException>(() => new NatDiscovery([A1P1.WithPort(0)], ids));
        Assert.Throws<ArgumentException>(() => new NatDiscovery([default], ids));
        Assert.Throws<ArgumentException>(() => new NatDiscovery([A1P1, DiscoveryScenario.Address("[2001:db8::1]:3478")], ids));
        var discovery = new NatDiscovery([A1P1, A2P2], ids);
        discovery.Start(Instant.Zero);
        Assert.Throws<InvalidOperationException>(() => discovery.Start(Instant.Zero));
    }

    [Fact]
    public void Discovery_Unreachable_IsSoftUntilTheLastTry()
    {
        using var ids = new SeededRandom(1);
        var discovery = new NatDiscovery([A1P1], ids);
        byte[] buffer = new byte[64];
        Instant now = Instant.Zero;
        discovery.Start(now);
        int sent = 0;
        while (!discovery.IsCompleted)
        {
            while (discovery.TryReadTransmit(buffer, now, out _))
            {
                sent++;
                discovery.HandleSocketBound(0, DiscoveryScenario.Host.WithPort(40000));
                discovery.HandleUnreachable(0, A1P1, now);
            }

            if (discovery.NextTimeout is { } next)
            {
                now = next;
                discovery.HandleTimeout(now);
            }
        }

        Assert.Equal(7, sent);
        Assert.Equal(TimeSpan.FromMilliseconds(31500), now.SinceOrigin);
        Assert.Equal(ClassicNatType.UdpBlocked, discovery.Report.Classic);
        Assert.Equal(NatProbeOutcome.Unreachable, Assert.Single(discovery.Report.Evidence).Outcome);
    }

    private static string Milliseconds(Instant instant)
        => (instant.SinceOrigin - TimeSpan.FromHours(1)).TotalMilliseconds.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static string Flags(byte[] bytes)
    {
        StunMessage.Decode(bytes, out StunMessage message);
        return message.ReadChangeRequest(out ChangeRequestFlags flags) == StunAttributeStatus.Present ? $" {flags}" : "";
    }
}
