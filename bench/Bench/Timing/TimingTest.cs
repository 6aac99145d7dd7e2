using System;
using System.Diagnostics;
using System.Linq;

namespace Stack.Bench;

/// <summary>
/// Whether two kinds of input can be told apart by how long they take: Welch's t between their times, taken in random order. What disturbs a machine
/// makes a few samples very long, so t is also taken without the longest of both.
/// </summary>
internal static class TimingTest
{
    private const int WarmUp = 20_000;

    private static readonly double[] Kept = [1, 0.99, 0.9, 0.5];

    /// <summary>Runs both so many times.</summary>
    /// <param name="samples">How often each.</param>
    /// <param name="first">One kind of input.</param>
    /// <param name="second">The other kind.</param>
    /// <returns>For each part of the samples that was kept, t: positive where the first kind takes longer.</returns>
    public static (double Kept, double T)[] Run(int samples, Action first, Action second)
    {
        long[][] times = [new long[samples], new long[samples]];
        Action[] kinds = [first, second];
        for (int i = 0; i < WarmUp; i++)
        {
            first();
            second();
        }

        // One of each in a random order, over and over: what drifts, drifts for both.
        var random = new Random(1);
        for (int i = 0; i < samples; i++)
        {
            int kind = random.Next(2);
            times[kind][i] = Time(kinds[kind]);
            times[1 - kind][i] = Time(kinds[1 - kind]);
        }

        long[] all = [.. times[0], .. times[1]];
        Array.Sort(all);
        return [.. Kept.Select(part => (part, ComputeT(times, all[(int)((all.Length - 1) * part)])))];
    }

    private static long Time(Action action)
    {
        long begun = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetTimestamp() - begun;
    }

    private static double ComputeT(long[][] times, long longest)
    {
        (double Mean, double Error) first = Summarize(times[0], longest);
        (double Mean, double Error) second = Summarize(times[1], longest);
        return (first.Mean - second.Mean) / Math.Sqrt(first.Error + second.Error);
    }

    // The mean, and the variance of the mean.
    private static (double Mean, double Error) Summarize(long[] times, long longest)
    {
        double[] kept = [.. times.Where(time => time <= longest).Select(static time => (double)time)];
        double mean = kept.Average();
        return (mean, kept.Sum(time => (time - mean) * (time - mean)) / (kept.Length - 1) / kept.Length);
    }
}
