using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Threading;
using Stack.Fuzz.Model;

namespace Stack.Fuzz;

/// <summary>The long run of the TURN server beside its reference model.</summary>
internal static class ModelRunCommand
{
    private static readonly TimeSpan ReportEvery = TimeSpan.FromMinutes(1);

    public static int Execute(string[] args, TextWriter output)
    {
        long messages = 1_000_000;
        ulong seed = 1;
        long episode = 0;
        int threads = Environment.ProcessorCount;
        for (int i = 0; i + 1 < args.Length; i += 2)
        {
            switch (args[i])
            {
                case "--messages":
                    messages = long.Parse(args[i + 1], CultureInfo.InvariantCulture);
                    break;
                case "--seed":
                    seed = ulong.Parse(args[i + 1], CultureInfo.InvariantCulture);
                    break;
                case "--episode":
                    episode = long.Parse(args[i + 1], CultureInfo.InvariantCulture);
                    break;
                case "--threads":
                    threads = int.Parse(args[i + 1], CultureInfo.InvariantCulture);
                    break;
                default:
                    Console.Error.WriteLine($"No option {args[i]}.");
                    return 2;
            }
        }

        var run = new TurnModelRun(seed);
        long start = Stopwatch.GetTimestamp();
        using (new Timer(_ => Report(run, seed, start, output), null, ReportEvery, ReportEvery))
        {
            run.Execute(messages, threads, episode);
        }

        Report(run, seed, start, output);
        output.WriteLine(run.Dispositions);
        foreach (string line in run.Replies)
        {
            output.WriteLine(line);
        }

        if (run.Violation is { } violation)
        {
            output.WriteLine($"VIOLATION {violation}");
            return 1;
        }

        return 0;
    }

    private static void Report(TurnModelRun run, ulong seed, long start, TextWriter output)
    {
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{run.Messages} messages, seed {seed}, real MACs, {seconds:F0} s, {run.Messages / seconds:F0} a second"));
    }
}
