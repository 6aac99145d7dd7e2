using System;
using System.Collections.Generic;
using Stack.Stun;
using Xunit;
using static Stack.Simulation.Tests.Scene;

namespace Stack.Simulation.Tests;

/// <summary>Virtual time, its order, and the clocks of hosts.</summary>
public sealed class SimulatorTests
{
    [Fact]
    public void Events_HappenByTimeAndThenInTheOrderOfScheduling()
    {
        var simulator = new Simulator(1);
        var happened = new List<string>();
        foreach ((string name, double at) in ((string, double)[])[("c", 3), ("a", 1), ("b1", 2), ("b2", 2), ("b3", 2)])
        {
            simulator.Schedule(Ms(at), () => happened.Add(name + simulator.Now.SinceOrigin.TotalMilliseconds));
        }

        simulator.RunUntil(Instant.Zero + Ms(2));
        Assert.Equal(["a1", "b12", "b22", "b32"], happened);
        Assert.Equal(Instant.Zero + Ms(3), simulator.Next);
        Assert.True(simulator.Step());
        Assert.False(simulator.Step());
        Assert.Equal("c3", happened[^1]);
    }

    [Fact]
    public void Events_ManyAtRandomTimes_ComeInOrder()
    {
        var simulator = new Simulator(2);
        Instant last = Instant.Zero;
        int count = 0;
        for (int i = 0; i < 5000; i++)
        {
            simulator.Schedule(Ms(simulator.Random.Next(1000)), () =>
            {
                Assert.True(simulator.Now >= last);
                last = simulator.Now;
                count++;
            });
        }

        simulator.RunFor(Seconds(2));
        Assert.Equal(5000, count);
        Assert.Equal(Instant.Zero + Seconds(2), simulator.Now);
    }

    [Fact]
    public void RunUntil_ConditionThatNeverHolds_EndsAtTheLimit()
    {
        var simulator = new Simulator(1);
        simulator.Schedule(Seconds(10), static () => { });
        Assert.False(simulator.RunUntil(static () => false, Seconds(3)));
        Assert.Equal(Instant.Zero + Seconds(3), simulator.Now);
        Assert.True(simulator.RunUntil(() => simulator.Now >= Instant.Zero + Seconds(10), Seconds(30)));
    }

    [Fact]
    public void Random_SameSeed_IsTheSameAndForksAreOthers()
    {
        var first = new SimulationRandom(7);
        var second = new SimulationRandom(7);
        byte[] a = new byte[29];
        byte[] b = new byte[29];
        first.GetBytes(a);
        second.GetBytes(b);
        Assert.Equal(a, b);
        Assert.NotEqual(first.Fork().NextUInt64(), first.NextUInt64());
        new SimulationRandom(8).GetBytes(b);
        Assert.NotEqual(a, b);

        // The first output for the seed 0, from the reference implementations of SplitMix64 and xoshiro256**.
        Assert.Equal(0x99EC5F36CB75F2B4UL, new SimulationRandom(0).NextUInt64());
    }

    [Fact]
    public void Random_Numbers_AreEvenlySpread()
    {
        var random = new SimulationRandom(3);
        int[] counts = new int[10];
        for (int i = 0; i < 100_000; i++)
        {
            counts[random.Next(10)]++;
        }

        Assert.All(counts, static count => Assert.InRange(count, 9_600, 10_400));
    }

    [Fact]
    public void Timer_SetLaterAndEarlier_ElapsesOnceAtTheLastTime()
    {
        var simulator = new Simulator(1);
        VirtualHost host = simulator.CreateHost("a");
        var elapsed = new List<Instant>();
        using VirtualTimer timer = host.CreateTimer(() => elapsed.Add(host.Now));
        timer.Due = Instant.Zero + Ms(10);
        timer.Due = Instant.Zero + Ms(30);
        simulator.RunFor(Ms(20));
        Assert.Empty(elapsed);
        timer.Due = Instant.Zero + Ms(25);
        simulator.RunFor(Ms(100));
        Assert.Equal([Instant.Zero + Ms(25)], elapsed);
        Assert.Null(timer.Due);

        timer.Due = Instant.Zero + Ms(130);
        timer.Due = null;
        simulator.RunFor(Ms(100));
        Assert.Single(elapsed);
    }

    [Fact]
    public void Clock_Leaps_PassedTimersAreDueAtOnce()
    {
        var simulator = new Simulator(1);
        VirtualHost host = simulator.CreateHost("a");
        VirtualHost other = simulator.CreateHost("b");
        var elapsed = new List<string>();
        using VirtualTimer near = host.CreateTimer(() => elapsed.Add("near"));
        using VirtualTimer far = host.CreateTimer(() => elapsed.Add("far"));
        near.Due = Instant.Zero + Seconds(5);
        far.Due = Instant.Zero + Seconds(100);
        host.JumpClock(Seconds(60));
        simulator.RunFor(Ms(1));
        Assert.Equal(["near"], elapsed);
        Assert.Equal(Instant.Zero + Seconds(60) + Ms(1), host.Now);
        Assert.Equal(Instant.Zero + Ms(1), other.Now);
        simulator.RunFor(Seconds(40));
        Assert.Equal(["near", "far"], elapsed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Suspend_TimersAndPackets_WaitOrAreLost(bool clockRuns)
    {
        var simulator = new Simulator(1);
        VirtualHost host = simulator.PublicHost("a", "203.0.113.1");
        VirtualHost peer = simulator.PublicHost("b", "203.0.113.2");
        using VirtualSocket socket = host.BindUdp(At("203.0.113.1:1"));
        using VirtualSocket sender = peer.BindUdp(At("203.0.113.2:1"));
        var elapsed = new List<TimeSpan>();
        using VirtualTimer timer = host.CreateTimer(() => elapsed.Add(simulator.Now.SinceOrigin));
        timer.Due = host.Now + Seconds(5);

        host.Suspend(Seconds(60), clockRuns);
        simulator.RunFor(Seconds(30));
        Assert.True(host.IsSuspended);
        Assert.Empty(elapsed);
        Assert.Equal(SendOutcome.Suspended, socket.Send(sender.Local, "x"));
        sender.Send(socket.Local, "lost");
        simulator.RunFor(Seconds(30));
        Assert.False(host.IsSuspended);
        Assert.Equal(1, simulator.CountOf(PacketFate.Suspended));
        sender.Send(socket.Local, "received");
        simulator.RunFor(Seconds(10));
        Assert.Equal("received", Assert.Single(socket.Take()).Text);
        Assert.Equal(clockRuns ? [Seconds(60)] : [Seconds(65)], elapsed);
        Assert.Equal(Instant.Zero + Seconds(clockRuns ? 70 : 10), host.Now);
    }
}
