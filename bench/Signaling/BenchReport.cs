using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace Stack.SignalingBench;

/// <summary>The figures as tables in Markdown, beside what they are to be.</summary>
internal sealed class BenchReport
{
    private const double MostDelayMs = 100;
    private const double MostRatio = 1.10;
    private const double MostKibibytes = 40;

    private readonly List<TimeSpan>[] _meetings = [[], []];
    private readonly List<IReadOnlyList<TimeSpan>>[] _rooms = [[], []];
    private readonly List<double> _idle = [];
    private readonly string _loadBefore = Load();
    private int _closed;

    /// <summary>Whether all figures are what they are to be.</summary>
    public bool IsMet => Delay <= MostDelayMs && Ratio <= MostRatio && _idle.All(static each => each <= MostKibibytes);

    // Percentile by percentile: the worst of one kind against the worst of the other.
    private double Delay => Math.Max(DelayAt(50), DelayAt(99));

    private double Ratio => Median(_rooms[1].Select(static one => Percentile(one, 99))) / Median(_rooms[0].Select(static one => Percentile(one, 99)));

    private double DelayAt(double p) => Percentile(_meetings[1], p) - Percentile(_meetings[0], p);

    public void AddMeetings(bool beside, IReadOnlyList<TimeSpan> times) => _meetings[beside ? 1 : 0].AddRange(times);

    public void AddRoom(bool isSlow, (IReadOnlyList<TimeSpan> Delays, int Closed) run)
    {
        _rooms[isSlow ? 1 : 0].Add(run.Delays);
        _closed += run.Closed;
    }

    public void AddIdle(double each) => _idle.Add(each);

    public void Write(TextWriter writer)
    {
        writer.WriteLine("# Signaling: bad neighbours and idle sockets");
        writer.WriteLine();
        writer.WriteLine(Line($"| two peers meet, {_meetings[0].Count} times each | median | p99 | longest |"));
        writer.WriteLine("| --- | --- | --- | --- |");
        writer.WriteLine(Row("alone", _meetings[0]));
        writer.WriteLine(Row("beside three clients that say nothing", _meetings[1]));
        writer.WriteLine();
        writer.WriteLine(Line($"Added at the median or at p99, whichever is more: **{Delay:0.0} ms** (at most {MostDelayMs:0} ms)."));
        writer.WriteLine();
        writer.WriteLine(Line($"| a message in a session of eight, {_rooms[0].Count} runs each | median | p99, median of the runs | of them all |"));
        writer.WriteLine("| --- | --- | --- | --- |");
        writer.WriteLine(Row("all read", _rooms[0]));
        writer.WriteLine(Row("one does not", _rooms[1]));
        writer.WriteLine();
        writer.WriteLine(Line($"p99 with the slow reader to p99 without: **{Ratio:0.00}** (at most {MostRatio:0.00}). It was closed {_closed} times."));
        writer.WriteLine();
        writer.WriteLine("| resident memory of an idle socket | KiB |");
        writer.WriteLine("| --- | --- |");
        foreach (double each in _idle)
        {
            writer.WriteLine(Line($"| a fresh server | {each:0.0} |"));
        }

        writer.WriteLine();
        writer.WriteLine(Line($"At most {MostKibibytes:0} KiB each. {Environment.ProcessorCount} processors, {Environment.OSVersion.VersionString}, .NET {Environment.Version}; load average "));
        writer.WriteLine(Line($"{_loadBefore} at the start, {Load()} at the end. How it is measured: [bench/README.md](../README.md)."));
    }

    private static string Row(string what, List<TimeSpan> times)
        => Line($"| {what} | {Percentile(times, 50):0.0} ms | {Percentile(times, 99):0.0} ms | {Percentile(times, 100):0.0} ms |");

    private static string Row(string what, List<IReadOnlyList<TimeSpan>> runs)
    {
        TimeSpan[] all = [.. runs.SelectMany(static one => one)];
        return Line($"| {what} | {Percentile(all, 50):0.00} ms | {Median(runs.Select(static one => Percentile(one, 99))):0.00} ms | {Percentile(all, 99):0.00} ms |");
    }

    private static double Percentile(IReadOnlyList<TimeSpan> times, double percent)
    {
        double[] sorted = [.. times.Select(static one => one.TotalMilliseconds).Order()];
        return sorted[Math.Clamp((int)Math.Ceiling(percent / 100 * sorted.Length) - 1, 0, sorted.Length - 1)];
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static string Load() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
