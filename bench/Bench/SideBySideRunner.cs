using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Runtime;
using System.Threading;

namespace Stack.Bench;

/// <summary>
/// A plain loop around the operations, quick enough to take turns with the Go benchmarks: warms up past tiered compilation, then times
/// batches. Prints what <c>go test -bench</c> prints, so that one reader reads both: a name, operations, ns/op and B/op, one line a batch.
/// </summary>
internal static class SideBySideRunner
{
    private const int Batches = 11;
    private const int QuietPasses = 3;
    private static readonly TimeSpan BatchTime = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan PauseTime = TimeSpan.FromMilliseconds(200);

    /// <param name="output">Where the lines go.</param>
    /// <param name="processor">The processor to stay on, or null for any.</param>
    public static void Run(TextWriter output, int? processor)
    {
        using var benchmarks = new StunBenchmarks();
        SideBySideOperation[] operations = SideBySideOperation.All(benchmarks);
        WarmUp(operations);
        if (processor is { } number && OperatingSystem.IsLinux())
        {
            // Linux takes this for the main thread alone: the compiler's thread stays free.
            using var self = Process.GetCurrentProcess();
            self.ProcessorAffinity = (nint)1 << number;
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

    // Code is compiled again in steps, each 100 ms after the last new method ran. Done when a few passes bring no compilation.
    private static void WarmUp(SideBySideOperation[] operations)
    {
        for (int quiet = 0; quiet < QuietPasses; quiet++)
        {
            long compiled = JitInfo.GetCompiledMethodCount();
            foreach (SideBySideOperation operation in operations)
            {
                Repeat(operation, BatchTime);
            }

            Thread.Sleep(PauseTime);
            if (JitInfo.GetCompiledMethodCount() != compiled)
            {
                quiet = -1;
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
