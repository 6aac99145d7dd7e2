using System;
using Xunit;

namespace Stack.Stun.Tests;

/// <summary>A caller's deadline inside of which the schedule of RFC 8489 section 6.2 runs.</summary>
public sealed class RetransmissionLimitTests
{
    private const string Send = "send 192.0.2.1:3478";

    [Fact]
    public void Limit_InsideOfTheSchedule_EndsTheRequestThen()
    {
        var bench = new TransactionTestBench(new TransactionTable(WithLimit(10_000)));
        bench.Start();
        bench.RunUntil();
        Assert.Equal([$"0 {Send}", $"500 {Send}", $"1500 {Send}", $"3500 {Send}", $"7500 {Send}", "10000 TimedOut"], bench.Log);
    }

    [Fact]
    public void Limit_BeyondTheSchedule_ChangesNothing()
    {
        var bench = new TransactionTestBench(new TransactionTable(WithLimit(60_000)));
        bench.Start();
        bench.RunUntil();
        Assert.Equal("39500 TimedOut", bench.Log[^1]);
    }

    [Fact]
    public void Limit_OverTcp_IsTheLongestWait()
    {
        var bench = new TransactionTestBench();
        bench.Start(reliable: true, schedule: WithLimit(2000));
        bench.RunUntil();
        Assert.Equal([$"0 {Send}", "2000 TimedOut"], bench.Log);
    }

    [Fact]
    public void Unreachable_AtTheLastRequestWithinTheLimit_IsBelieved()
    {
        var bench = new TransactionTestBench(new TransactionTable(WithLimit(1000)));
        bench.Start();
        bench.Drain();
        bench.Unreachable();
        bench.RunUntil(TransactionTestBench.At(500));
        bench.Unreachable();
        Assert.Equal([$"0 {Send}", $"500 {Send}", "500 Unreachable"], bench.Log);
    }

    [Fact]
    public void Limit_OfNothing_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => WithLimit(0));

    private static RetransmissionSchedule WithLimit(int milliseconds) => new() { Limit = TimeSpan.FromMilliseconds(milliseconds) };
}
