using System;
using System.Linq;
using Xunit;

namespace Stack.Stun.Tests;

/// <summary>RFC 8489 sections 6.2.1 and 6.2.2 as lists of instants.</summary>
public sealed class RetransmissionTests
{
    private const string Send = "send 192.0.2.1:3478";

    [Fact]
    public void Request_NothingAnswers_IsSentSevenTimesAndFailsAt39500()
    {
        var bench = new TransactionTestBench();
        RequestTransaction transaction = bench.Start();
        bench.RunUntil();
        Assert.Equal(
            [$"0 {Send}", $"500 {Send}", $"1500 {Send}", $"3500 {Send}", $"7500 {Send}", $"15500 {Send}", $"31500 {Send}", "39500 TimedOut"],
            bench.Log);
        Assert.Equal((7, TimeSpan.FromMilliseconds(39500)), (transaction.Attempts, transaction.Elapsed));
        Assert.Null(transaction.RoundTripTime);
        Assert.True(transaction.Response.IsEmpty);
        Assert.Equal(0, bench.Table.Count);
        Assert.Null(bench.Table.NextTimeout);
    }

    [Theory]
    [InlineData(1, 16, 500, new[] { 0, 8000 })]
    [InlineData(2, 16, 500, new[] { 0, 500, 8500 })]
    [InlineData(3, 1, 500, new[] { 0, 500, 1500, 2000 })]
    [InlineData(4, 2, 100, new[] { 0, 100, 300, 700, 900 })]
    [InlineData(7, 16, 3000, new[] { 0, 3000, 9000, 21000, 45000, 93000, 189000, 237000 })]
    public void Request_OtherRcRmRto_FollowsThem(int rc, int rm, int rto, int[] instants)
    {
        var schedule = new RetransmissionSchedule { MaxRequests = rc, FinalWaitFactor = rm, InitialRto = TimeSpan.FromMilliseconds(rto) };
        var bench = new TransactionTestBench(new TransactionTable(schedule));
        bench.Start();
        bench.RunUntil();
        Assert.Equal([.. instants[..^1].Select(static i => $"{i} {Send}"), $"{instants[^1]} TimedOut"], bench.Log);
    }

    [Theory]
    [InlineData(39500)]
    [InlineData(1000)]
    public void Request_OverTcp_IsSentOnceAndFailsAtTi(int ti)
    {
        var schedule = new RetransmissionSchedule { ReliableTimeout = TimeSpan.FromMilliseconds(ti) };
        var bench = new TransactionTestBench();
        bench.Start(reliable: true, schedule: schedule);
        bench.RunUntil();
        Assert.Equal([$"0 {Send}", $"{ti} TimedOut"], bench.Log);
    }

    [Fact]
    public void Schedule_Defaults_AreThoseOfTheRfc()
    {
        RetransmissionSchedule schedule = RetransmissionSchedule.Default;
        Assert.Equal((7, 16), (schedule.MaxRequests, schedule.FinalWaitFactor));
        Assert.Equal(TimeSpan.FromMilliseconds(500), schedule.InitialRto);
        Assert.Equal(TimeSpan.FromMilliseconds(39500), schedule.ReliableTimeout);
    }

    [Fact]
    public void Schedule_OutOfRange_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(static () => new RetransmissionSchedule { MaxRequests = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(static () => new RetransmissionSchedule { MaxRequests = 17 });
        Assert.Throws<ArgumentOutOfRangeException>(static () => new RetransmissionSchedule { FinalWaitFactor = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(static () => new RetransmissionSchedule { FinalWaitFactor = 65 });
        Assert.Throws<ArgumentOutOfRangeException>(static () => new RetransmissionSchedule { InitialRto = TimeSpan.Zero });
        Assert.Throws<ArgumentOutOfRangeException>(static () => new RetransmissionSchedule { InitialRto = TimeSpan.FromSeconds(61) });
        Assert.Throws<ArgumentOutOfRangeException>(static () => new RetransmissionSchedule { ReliableTimeout = TimeSpan.Zero });
        Assert.Throws<ArgumentOutOfRangeException>(static () => new RetransmissionSchedule { MinMeasuredRto = TimeSpan.Zero });
        Assert.Throws<ArgumentOutOfRangeException>(static () => new RetransmissionSchedule { MinMeasuredRto = TimeSpan.MaxValue });
        Assert.Throws<ArgumentOutOfRangeException>(static () => new RetransmissionSchedule { ReliableTimeout = TimeSpan.MaxValue });
    }

    [Fact]
    public void Timeout_HandledLate_CountsFromTheRealSending()
    {
        var bench = new TransactionTestBench();
        bench.Start();
        bench.Drain();
        bench.Table.HandleTimeout(TransactionTestBench.At(499));
        bench.RunUntil(TransactionTestBench.At(499));
        bench.RunUntil(TransactionTestBench.At(0));
        Assert.Equal([$"0 {Send}"], bench.Log);
        Assert.Equal(TransactionTestBench.At(500), bench.Table.NextTimeout);
        bench.Table.HandleTimeout(TransactionTestBench.At(900));
        byte[] buffer = new byte[20];
        Assert.True(bench.Table.TryReadTransmit(buffer, TransactionTestBench.At(900), out _));
        Assert.Equal(TransactionTestBench.At(1900), bench.Table.NextTimeout);
    }

    [Fact]
    public void Unreachable_BeforeTheLastTry_IsSoft()
    {
        var bench = new TransactionTestBench();
        bench.Start();
        bench.Drain();
        bench.Unreachable();
        bench.RunUntil(TransactionTestBench.At(31500));
        Assert.Equal(7, bench.Log.Count);
        bench.Unreachable();
        Assert.Equal("31500 Unreachable", bench.Log[^1]);
    }

    [Fact]
    public void Unreachable_OnceAndThenSilence_IsReportedAtTheEnd()
    {
        var bench = new TransactionTestBench();
        bench.Start();
        bench.Drain();
        bench.Unreachable();
        bench.RunUntil();
        Assert.Equal("39500 Unreachable", bench.Log[^1]);
    }

    [Fact]
    public void Unreachable_ThenAnAnswer_IsForgotten()
    {
        var bench = new TransactionTestBench();
        RequestTransaction transaction = bench.Start();
        bench.Drain();
        bench.Unreachable();
        bench.RunUntil(TransactionTestBench.At(600));
        Assert.Equal(DatagramDisposition.Completed, bench.Receive(TransactionTestBench.Response(transaction)));
        Assert.Equal([$"0 {Send}", $"500 {Send}", "600 Success"], bench.Log);
    }

    [Fact]
    public void Unreachable_AboutSomebodyElse_IsNotOurs()
    {
        var bench = new TransactionTestBench(new TransactionTable(new RetransmissionSchedule { MaxRequests = 1 }));
        bench.Start();
        bench.Drain();
        bench.Table.HandleUnreachable(TransactionTestBench.Server.WithPort(1), bench.Now);
        bench.RunUntil();
        Assert.Equal([$"0 {Send}", "8000 TimedOut"], bench.Log);
    }

    [Fact]
    public void ConnectionLost_AllTransactions_EndAtOnce()
    {
        var bench = new TransactionTestBench();
        bench.Start(reliable: true);
        bench.Start(reliable: true);
        bench.Drain();
        bench.Table.HandleConnectionLost(bench.Now);
        bench.RunUntil();
        Assert.Equal([$"0 {Send}", $"0 {Send}", "0 ConnectionLost", "0 ConnectionLost"], bench.Log);
        Assert.Equal(0, bench.Table.Count);
    }
}
