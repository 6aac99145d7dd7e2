using System;
using System.Collections.Generic;
using System.Linq;
using Stack.TestKit;
using Xunit;

namespace Stack.Cli.Tests;

public sealed class LoadPartsTests
{
    [Fact]
    public void Histogram_Percentiles_AreWithinABucketOfTheExactOnes()
    {
        var histogram = new LatencyHistogram();
        for (int i = 1; i <= 100_000; i++)
        {
            histogram.Record(i * 100L);
        }

        Assert.Equal(100_000, histogram.Count);
        foreach (double percent in new[] { 1, 50, 95, 99, 99.9 })
        {
            double exact = percent * 100_000;
            double measured = histogram.Percentile(percent)!.Value.TotalNanoseconds;
            Assert.InRange(measured, exact * 0.99, (exact * (1 + (1 / 64.0))) + 100);
        }

        Assert.Equal(TimeSpan.FromTicks(1), histogram.Min);
        Assert.Equal(TimeSpan.FromMilliseconds(10), histogram.Max);
        Assert.Equal(histogram.Max, histogram.Percentile(100));
    }

    [Theory]
    [InlineData(0L)]
    [InlineData(1L)]
    [InlineData(63L)]
    [InlineData(64L)]
    [InlineData(127L)]
    [InlineData(128L)]
    [InlineData(long.MaxValue)]
    [InlineData(-5L)]
    public void Histogram_OneValue_IsEveryPercentile(long nanoseconds)
    {
        var histogram = new LatencyHistogram();
        histogram.Record(nanoseconds);
        Assert.Equal(histogram.Max, histogram.Percentile(1));
        Assert.Equal(histogram.Max, histogram.Percentile(99));
        Assert.Equal(Math.Max(0, nanoseconds) / 100, histogram.Max!.Value.Ticks);
    }

    [Fact]
    public void Histogram_Empty_HasNoPercentile() => Assert.Null(new LatencyHistogram().Percentile(50));

    [Fact]
    public void Payload_EachByteChanged_IsNotRead()
    {
        var payload = new LoadPayload(60);
        byte[] packet = new byte[60];
        payload.Write(packet, 3, 1234, 987654321);
        Assert.True(payload.TryRead(packet, out uint flow, out long sequence, out long sentAt));
        Assert.Equal((3U, 1234L, 987654321L), (flow, sequence, sentAt));
        for (int i = 0; i < packet.Length; i++)
        {
            packet[i] ^= 0x10;
            Assert.False(payload.TryRead(packet, out _, out _, out _));
            packet[i] ^= 0x10;
        }

        Assert.False(payload.TryRead(packet.AsSpan(0, 59), out _, out _, out _));
        Assert.False(new LoadPayload(60).TryRead(packet, out _, out _, out _));
    }

    [Fact]
    public void SequenceWindow_InAnyOrder_EachNumberIsNewOnce()
    {
        var window = new SequenceWindow();
        Assert.All(new long[] { 0, 2, 1, 100, 50, 4000, 3, 9000 }, sequence => Assert.True(window.TryAdd(sequence)));
        Assert.All(new long[] { 9000, 0, 3 }, sequence => Assert.False(window.TryAdd(sequence)));
        Assert.True(window.TryAdd(8999));
        Assert.True(window.TryAdd(9000 - 4095));
        Assert.False(window.TryAdd(9000 - 4096));
    }

    [Fact]
    public void SequenceWindow_OneAfterTheOther_ForgetsNoneTooEarly()
    {
        var window = new SequenceWindow();
        for (long sequence = 0; sequence < 20_000; sequence++)
        {
            Assert.True(window.TryAdd(sequence));
            Assert.False(window.TryAdd(sequence));
        }
    }

    [Fact]
    public void Pace_Rate_AllowsWhatIsDueAndMakesUpForLittle()
    {
        var time = new ManualTimeProvider();
        var pace = new LoadPace(new LoadPlan { Rate = 1000, Run = 1 }, time);
        Assert.Equal(0, pace.GetAllowance());
        time.Advance(TimeSpan.FromMilliseconds(10));
        Assert.Equal(10, pace.GetAllowance());
        pace.NoteSent(10);
        Assert.Equal(0, pace.GetAllowance());
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(10, pace.GetAllowance());
    }

    [Fact]
    public void Pace_Rate_SendsTogetherWhatIsDueWithinAMillisecond()
    {
        var time = new ManualTimeProvider();
        Assert.Equal(1, new LoadPace(new LoadPlan { Rate = 500, Run = 1 }, time).Portion);
        Assert.Equal(50, new LoadPace(new LoadPlan { Rate = 50_000, Run = 1 }, time).Portion);
        Assert.Equal(32, new LoadPace(new LoadPlan { Rate = 1000, Run = 32 }, time).Portion);
        Assert.Equal(4, new LoadPace(new LoadPlan { Run = 4 }, time).Portion);
    }

    [Fact]
    public void Pace_WindowFull_WaitsForArrivalsOrForgetsWhatIsLost()
    {
        var time = new ManualTimeProvider();
        var pace = new LoadPace(new LoadPlan { Window = 8, Run = 4 }, time);
        Assert.Equal(8, pace.GetAllowance());
        pace.NoteSent(8);
        Assert.Equal(0, pace.GetAllowance());
        pace.NoteArrived();
        Assert.Equal(1, pace.GetAllowance());
        time.Advance(TimeSpan.FromMilliseconds(19));
        Assert.Equal(1, pace.GetAllowance());
        time.Advance(TimeSpan.FromMilliseconds(2));
        Assert.Equal(8, pace.GetAllowance());
    }

    [Fact]
    public void ServerSample_NewThread_CountsAndNoThreadEnded_IsExact()
    {
        var before = new ServerSample(TimeSpan.FromMilliseconds(100), new Dictionary<int, long> { [1] = 1_000_000, [2] = 500 }, 0);
        var after = new ServerSample(TimeSpan.FromMilliseconds(110), new Dictionary<int, long> { [1] = 3_000_000, [2] = 500, [3] = 1000 }, 0);
        Assert.Equal(TimeSpan.FromTicks(20_010), after.Since(before));
    }

    [Fact]
    public void ServerSample_ThreadEnded_GoesByTheProcess()
    {
        var before = new ServerSample(TimeSpan.FromMilliseconds(100), new Dictionary<int, long> { [1] = 1_000_000, [2] = 500 }, 0);
        var after = new ServerSample(TimeSpan.FromMilliseconds(110), new Dictionary<int, long> { [1] = 3_000_000 }, 0);
        Assert.Equal(TimeSpan.FromMilliseconds(10), after.Since(before));
    }

    [Fact]
    public void ServerProcess_Own_HasThreadsTimeAndMemory()
    {
        ServerSample sample = ServerProcess.Find(Environment.ProcessId).Read();
        Assert.True(sample.ResidentBytes > 1 << 20);
        Assert.True(sample.Ticks > TimeSpan.Zero);
        Assert.True(sample.Threads is null || sample.Threads.Values.Sum() > 0);
    }
}
