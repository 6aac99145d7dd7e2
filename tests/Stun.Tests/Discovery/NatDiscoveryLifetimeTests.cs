using System;
using System.Collections.Generic;
using System.Linq;
using Stack.TestKit;
using Xunit;

namespace Stack.Stun.Tests;

/// <summary>RFC 5780 section 4.6: the lifetime of a binding, found within the resolution, in a bounded time.</summary>
public sealed class NatDiscoveryLifetimeTests
{
    private static readonly NatDiscoveryOptions Measuring = new() { MeasureLifetime = true };

    [Theory]
    [InlineData(30)]
    [InlineData(60)]
    [InlineData(120)]
    [InlineData(25)]
    [InlineData(300)]
    public void Lifetime_BindingTimeout_IsFoundWithinATenth(int seconds)
    {
        NatReport report = Run(seconds, out NatDiscoveryRun run);
        Assert.InRange(report.LifetimeAtLeast!.Value.TotalSeconds, 0, seconds);
        Assert.InRange(report.LifetimeBelow!.Value.TotalSeconds, seconds - 0.1, 321);
        Assert.True(report.LifetimeBelow - report.LifetimeAtLeast <= report.LifetimeBelow / 10, $"{report.LifetimeAtLeast}..{report.LifetimeBelow}");
        Assert.Null(report.LifetimeNote);
        AssertBounded(run);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(15)]
    public void Lifetime_ShortBindingTimeout_IsBracketed(int seconds)
    {
        NatReport report = Run(seconds, out NatDiscoveryRun run);
        Assert.InRange(report.LifetimeAtLeast!.Value.TotalSeconds, 0, seconds);
        Assert.InRange(report.LifetimeBelow!.Value.TotalSeconds, seconds - 0.1, 21);
        AssertBounded(run);
    }

    [Fact]
    public void Lifetime_BindingThatOutlivesTheBound_HasNoUpperEnd()
    {
        NatReport report = Run(3600, out NatDiscoveryRun run);
        Assert.Equal((TimeSpan.FromSeconds(320), null), (report.LifetimeAtLeast, report.LifetimeBelow));
        Assert.Equal("the binding outlived the longest time that was tried", report.LifetimeNote);
        AssertBounded(run);
    }

    [Fact]
    public void Lifetime_NotAskedFor_SendsNothing()
    {
        NatReport report = new DiscoveryScenario().Run(out NatDiscoveryRun run);
        Assert.Equal((null, null, null), (report.LifetimeAtLeast, report.LifetimeBelow, report.LifetimeNote));
        Assert.DoesNotContain(run.Evidence, static e => e.Evidence.Test.StartsWith("lifetime", StringComparison.Ordinal));
    }

    [Fact]
    public void Lifetime_ServerWithoutResponsePort_IsUnknownWithItsReason()
    {
        NatReport report = new DiscoveryScenario
        {
            Options = Measuring,
            Servers = [new BindingVirtualServer(DiscoveryScenario.Address("192.0.2.30:3478"))],
        }.Run();
        Assert.Equal((null, null), (report.LifetimeAtLeast, report.LifetimeBelow));
        Assert.NotNull(report.LifetimeNote);
    }

    [Fact]
    public void Lifetime_ArbitraryPool_IsUnknownWithItsReason()
    {
        NatReport report = new DiscoveryScenario
        {
            Options = Measuring,
            Nat = DiscoveryScenario.Behind(NatMapping.EndpointIndependent, NatFiltering.AddressAndPortDependent) with
            {
                ExternalAddresses = [.. Enumerable.Range(1, 50).Select(static i => DiscoveryScenario.Address($"198.51.100.{i}:0"))],
                PairedAddresses = false,
            },
        }.Run();
        Assert.Equal((null, null), (report.LifetimeAtLeast, report.LifetimeBelow));
        Assert.Contains("several addresses", report.LifetimeNote, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(30)]
    [InlineData(100)]
    [InlineData(400)]
    public void Lifetime_ServerThatDies_ClaimsNothing(int seconds)
    {
        Instant death = Instant.Zero + TimeSpan.FromHours(1) + TimeSpan.FromSeconds(seconds);
        NatReport report = new DiscoveryScenario { Options = Measuring, Servers = [new DyingServer(death)] }.Run(out NatDiscoveryRun run);
        Assert.True(run.Now > death);
        Assert.Equal((null, null), (report.LifetimeAtLeast, report.LifetimeBelow));
        Assert.NotNull(report.LifetimeNote);
        Assert.NotEqual("the binding outlived the longest time that was tried", report.LifetimeNote);
    }

    private static NatReport Run(int seconds, out NatDiscoveryRun run) => new DiscoveryScenario
    {
        Options = Measuring,
        Nat = DiscoveryScenario.Behind(NatMapping.EndpointIndependent, NatFiltering.AddressAndPortDependent) with
        {
            BindingTimeout = TimeSpan.FromSeconds(seconds),
        },
    }.Run(out run);

    private static void AssertBounded(NatDiscoveryRun run)
    {
        TimeSpan took = run.Now.SinceOrigin - TimeSpan.FromHours(1);
        Assert.True(took < TimeSpan.FromSeconds(3 * 340), took.ToString());
    }

    private sealed class DyingServer(Instant death) : VirtualServer(DiscoveryScenario.Alternate.ToArray())
    {
        private readonly BindingVirtualServer _inner = new(DiscoveryScenario.Alternate);

        protected override IEnumerable<VirtualDatagram> Answer(VirtualDatagram datagram, Instant now)
            => now < death ? _inner.Receive(datagram, now) : [];
    }
}
