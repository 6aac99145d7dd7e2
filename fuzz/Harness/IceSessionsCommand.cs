using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Threading;
using Stack.Fuzz.Sessions;

namespace Stack.Fuzz;

/// <summary>Random ICE sessions, many of them; each is named by its seed, and the seeds follow each other.</summary>
internal sealed class IceSessionsCommand
{
    private const int MaxViolations = 40;

    private readonly TextWriter _output;
    private readonly ulong _first;
    private readonly long _count;
    private readonly Lock _gate = new();
    private readonly SessionTally _tally = new();
    private readonly long _start = Stopwatch.GetTimestamp();
    private long _next;

    private IceSessionsCommand(long count, ulong first, TextWriter output)
    {
        _count = count;
        _first = first;
        _output = output;
    }

    /// <summary>Runs sessions: COUNT [--seed S] [--threads T].</summary>
    public static int Execute(long count, string[] options, TextWriter output)
    {
        ulong seed = 1;
        int threads = Environment.ProcessorCount;
        for (int i = 0; i + 1 < options.Length; i += 2)
        {
            switch (options[i])
            {
                case "--seed":
                    seed = ulong.Parse(options[i + 1], CultureInfo.InvariantCulture);
                    break;
                case "--threads":
                    threads = int.Parse(options[i + 1], CultureInfo.InvariantCulture);
                    break;
                default:
                    Console.Error.WriteLine($"No option {options[i]}.");
                    return 2;
            }
        }

        return new IceSessionsCommand(count, seed, output).Run(threads);
    }

    /// <summary>One session again.</summary>
    public static int Replay(ulong seed, bool traces, TextWriter output)
    {
        SessionResult result = SessionRun.Execute(seed, traces);
        output.WriteLine(result.Trace ?? "");
        output.WriteLine(result.Plan);
        output.WriteLine(Reachability.Of(result.Plan));
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Outcome}, {result.VirtualTime.TotalSeconds:F1} s, {result.Messages} messages, {result.DataSent} datagrams, {result.Restarts} restarts"));
        output.WriteLine(result.Violation is null ? "all properties hold" : $"VIOLATION {result.Violation}");
        return result.Violation is null ? 0 : 1;
    }

    private int Run(int threads)
    {
        var workers = new Thread[threads];
        for (int i = 0; i < threads; i++)
        {
            workers[i] = new Thread(Work) { IsBackground = true };
            workers[i].Start();
        }

        foreach (Thread worker in workers)
        {
            worker.Join();
        }

        Report();
        bool isPlausible = _tally.IsPlausible(out string rates);
        _output.WriteLine(rates);
        _output.WriteLine(isPlausible ? "misses within their bounds" : "VIOLATION more sessions missed than loss explains");
        return _tally.Violations == 0 && isPlausible ? 0 : 1;
    }

    private void Work()
    {
        while (true)
        {
            long index = Interlocked.Increment(ref _next) - 1;
            if (index >= _count || _tally.Violations >= MaxViolations)
            {
                return;
            }

            SessionResult result = SessionRun.Execute(unchecked(_first + (ulong)index));
            lock (_gate)
            {
                _tally.Add(result);
                if (result.Violation is { } violation)
                {
                    _output.WriteLine($"VIOLATION {result.Plan}\n  {violation}\n  again: ice-session {result.Plan.Seed} --trace");
                }

                if (result.Outcome == SessionOutcome.Missed && result.Plan.Loss == 0)
                {
                    _output.WriteLine($"MISSED without loss {result.Plan}\n  again: ice-session {result.Plan.Seed} --trace");
                }

                if (_tally.Sessions % 1000 == 0)
                {
                    Report();
                }
            }
        }
    }

    private void Report()
    {
        double seconds = Stopwatch.GetElapsedTime(_start).TotalSeconds;
        _output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"from seed {_first}: {_tally}, {seconds:F0} s, {_tally.Sessions / seconds:F0} a second"));
        _output.Flush();
    }
}
