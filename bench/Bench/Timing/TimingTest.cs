using System;
using System.Diagnostics;
using System.Linq;

namespace Stack.Bench;

/// <summary>
/// Whether two kinds of input can be told apart by how long they take. Each round has two inputs of its own and takes them in random order; the test
/// is Student's t of the rounds' differences. Where an input's data lie in memory makes some nanoseconds either way, the same ones for as long as they
/// lie there: within a round that is taken for a difference of the kinds, over the rounds it is not.
/// </summary>
/// <remarks>What disturbs a machine makes a few samples very long, so all is computed without the longest of both too.</remarks>
internal sealed class TimingTest
{
    private static readonly double[] Kept = [1, 0.99, 0.9, 0.5];

    private readonly Random _random = new(1);
    private readonly long[][] _times;
    private readonly double[][] _differences;
    private int _round;

    /// <summary>Sets the test up.</summary>
    /// <param name="rounds">How many rounds there will be, at least two.</param>
    /// <param name="samples">How often each input is taken in a round.</param>
    public TimingTest(int rounds, int samples)
    {
        _times = [new long[samples], new long[samples]];
        _differences = [.. Kept.Select(_ => new double[rounds])];
    }

    /// <summary>Takes both inputs of a round.</summary>
    /// <param name="first">One kind of input.</param>
    /// <param name="second">The other kind, of the same length.</param>
    /// <param name="take">What is timed. Both inputs come in the same array.</param>
    public void Run(byte[] first, byte[] second, Action<byte[]> take)
    {
        byte[][] kinds = [first, second];
        byte[] input = new byte[first.Length];
        int samples = _times[0].Length;
        for (int i = -samples / 4; i < samples; i++)
        {
            int kind = _random.Next(2);
            long one = Time(kinds[kind], input, take);
            long other = Time(kinds[1 - kind], input, take);
            if (i >= 0)
            {
                _times[kind][i] = one;
                _times[1 - kind][i] = other;
            }
        }

        long[] all = [.. _times[0], .. _times[1]];
        Array.Sort(all);
        for (int part = 0; part < Kept.Length; part++)
        {
            long longest = all[(int)((all.Length - 1) * Kept[part])];
            _differences[part][_round] = Average(_times[0], longest) - Average(_times[1], longest);
        }

        _round++;
    }

    /// <summary>What has come out, for each part of the samples that was kept: positive where the first kind takes longer.</summary>
    /// <returns>The mean difference in nanoseconds, and t.</returns>
    public (double Nanoseconds, double T)[] Summarize() => [.. _differences.Select(Summarize)];

    private static (double Nanoseconds, double T) Summarize(double[] differences)
    {
        double mean = differences.Average();
        double variance = differences.Sum(difference => (difference - mean) * (difference - mean)) / (differences.Length - 1);
        return (mean * 1e9 / Stopwatch.Frequency, mean / Math.Sqrt(variance / differences.Length));
    }

    private static double Average(long[] times, long longest) => times.Where(time => time <= longest).Average();

    private static long Time(byte[] kind, byte[] input, Action<byte[]> take)
    {
        kind.CopyTo(input, 0);
        long begun = Stopwatch.GetTimestamp();
        take(input);
        return Stopwatch.GetTimestamp() - begun;
    }
}
