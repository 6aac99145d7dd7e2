using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Threading;

namespace Stack.Bench;

/// <summary>
/// A plain loop around the operations, quick enough to take turns with the Go benchmarks: warms up past tiered compilation, then times
/// batches. Prints what <c>go test -bench</c> prints, so that one reader reads both: a name, operations, ns/op and B/op, one line a batch.
/// </summary>
internal static class SideBySideRunner
{
    private const int Batches = 11;
    private const int WarmUps = 6;
    private static readonly TimeSpan BatchTime = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan WarmUpTime = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan WarmUpPause = TimeSpan.FromMilliseconds(150);

    public static void Run(TextWriter output)
    {
        using var benchmarks = new StunBenchmarks();
        SideBySideOperation[] operations = SideBySideOperation.All(benchmarks);

        // Code is recompiled in steps, 100 ms after the last new method ran, by a thread that needs the processor we may be pinned to.
        for (int pass = 0; pass < WarmUps; pass++)
        {
            foreach (SideBySideOperation operation in operations)
            {
                Repeat(operation, WarmUpTime);
            }

            Thread.Sleep(WarmUpPause);
        }

        foreach (SideBySideOperation operation in operations)
        {
            Repeat(operation, BatchTime);
            for (int batch = 0; batch < Batches; batch++)
            {
                WriteBatch(operation, output);
            }
        }
    }

    private static void WriteBatch(SideBySideOperation operation, TextWriter output)
    {
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        (long count, TimeSpan elapsed) = Repeat(operation, BatchTime);
        double bytes = (double)(GC.GetAllocatedBytesForCurrentThread() - allocated) / count;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Benchmark{operation.PionName}\t{count}\t{elapsed.TotalNanoseconds / count:F2} ns/op\t{bytes:F3} B/op"));
    }

    private static (long Count, TimeSpan Elapsed) Repeat(SideBySideOperation operation, TimeSpan time)
    {
        long count = 0;
        long start = Stopwatch.GetTimestamp();
        TimeSpan elapsed;
        do
        {
            // Reads the clock once in a thousand operations or more: some 20 ps each.
            operation.Run();
            count += StunBenchmarks.Operations;
            elapsed = Stopwatch.GetElapsedTime(start);
        }
        while (elapsed < time);

        return (count, elapsed);
    }
}
