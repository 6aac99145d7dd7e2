using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Linq;
using System.Threading;
using Stack.Ice;

namespace Stack.Transport;

/// <summary>The meter and the activities of all connections of the process. Counting costs a packet one addition.</summary>
internal static class IceMetrics
{
    public const string MeterName = "Stack.Ice";

    public static readonly ActivitySource Activities = new(MeterName);

    private static readonly string[] Dispositions = [.. Enum.GetNames<IceDisposition>().Select(ToTag)];
    private static readonly long[] DispositionCounts = new long[Dispositions.Length];
    private static readonly Meter Meter = new(MeterName);
    private static readonly UpDownCounter<long> Open = Meter.CreateUpDownCounter<long>("ice.connections", "{connection}", "Connections that are not disposed of.");
    private static readonly Counter<long> Ended = Meter.CreateCounter<long>("ice.connects", "{connection}", "Attempts to connect, by what became of them.");
    private static readonly Counter<long> Warnings = Meter.CreateCounter<long>("ice.gathering.warnings", "{warning}", "Servers and interfaces that gave no candidate.");
    private static readonly Histogram<double> ConnectTime = Meter.CreateHistogram<double>("ice.connect.duration", "s", "Time to the first path of all components.");

    static IceMetrics() => Meter.CreateObservableCounter("ice.datagrams", Read, "{message}", "Messages received, application data aside, by what became of them.");

    public static void Count(IceDisposition disposition) => Interlocked.Increment(ref DispositionCounts[(int)disposition]);

    public static void Opened() => Open.Add(1);

    public static void Closed() => Open.Add(-1);

    public static void Warned() => Warnings.Add(1);

    public static void Connected(TimeSpan elapsed)
    {
        ConnectTime.Record(elapsed.TotalSeconds);
        Ended.Add(1, new KeyValuePair<string, object?>("outcome", "connected"));
    }

    public static void Failed(IceFailure failure) => Ended.Add(1, new KeyValuePair<string, object?>("outcome", ToTag(failure.ToString())));

    private static IEnumerable<Measurement<long>> Read()
    {
        for (int i = 0; i < Dispositions.Length; i++)
        {
            long count = Interlocked.Read(ref DispositionCounts[i]);
            if (count != 0)
            {
                yield return new(count, new KeyValuePair<string, object?>("outcome", Dispositions[i]));
            }
        }
    }

    // UnknownBase becomes unknown-base.
    private static string ToTag(string name)
        => string.Concat(name.Select(static (letter, at) => char.IsAsciiLetterUpper(letter) ? $"{(at == 0 ? "" : "-")}{char.ToLowerInvariant(letter)}" : $"{letter}"));
}
