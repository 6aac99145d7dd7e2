using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Runtime.ExceptionServices;
using System.Threading;

namespace Stack.Fuzz;

/// <summary>A run of one target over a range of inputs, on several threads. An input is named for ever by seed and index.</summary>
internal sealed class FuzzRun
{
    private const int MaxFindings = 20;
    private const ulong Batch = 10_000;

    private readonly FuzzTargetKind _kind;
    private readonly ulong _seed;
    private readonly IReadOnlyList<byte[]> _corpus;
    private readonly TextWriter _output;
    private readonly string _findingsFolder;
    private readonly Lock _gate = new();
    private ulong _next;
    private ulong _end;
    private long _accepted;
    private long _exceptions;
    private long _slowest;
    private int _findings;

    public FuzzRun(FuzzTargetKind kind, IReadOnlyList<byte[]> corpus, ulong seed, string findingsFolder, TextWriter output)
    {
        _kind = kind;
        _corpus = corpus;
        _seed = seed;
        _findingsFolder = findingsFolder;
        _output = output;
    }

    /// <summary>Runs inputs <paramref name="from"/> up to, and without, from + count.</summary>
    /// <returns>How many findings there were.</returns>
    public int Execute(ulong from, ulong count, int threads)
    {
        _next = from;
        _end = from + count;
        AppDomain.CurrentDomain.FirstChanceException += CountException;
        long start = Stopwatch.GetTimestamp();
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

        AppDomain.CurrentDomain.FirstChanceException -= CountException;
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        _output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{count} inputs, seed {_seed}, from {from}: {_accepted} accepted, {_exceptions} exceptions, {_findings} findings, {elapsed.TotalSeconds:F0} s on {threads} threads, slowest {TimeSpan.FromSeconds((double)_slowest / Stopwatch.Frequency).TotalMilliseconds:F1} ms"));
        return _findings;
    }

    private void CountException(object? sender, FirstChanceExceptionEventArgs e) => Interlocked.Increment(ref _exceptions);

    private void Work()
    {
        IFuzzInputs inputs = _kind.CreateInputs(_corpus);
        using IFuzzTarget target = _kind.Create();
        long slowest = 0;
        while (TryTakeBatch(out ulong first, out ulong end))
        {
            for (ulong index = first; index < end; index++)
            {
                byte[] input = inputs.Create(index);
                string? broken;
                long begin = Stopwatch.GetTimestamp();
                try
                {
                    broken = target.Run(input);
                }
                catch (Exception error)
                {
                    broken = error.ToString();
                }

                slowest = Math.Max(slowest, Stopwatch.GetTimestamp() - begin);
                if (broken is not null)
                {
                    Report(index, input, broken);
                }
            }
        }

        lock (_gate)
        {
            _accepted += target.Accepted;
            _slowest = Math.Max(_slowest, slowest);
        }
    }

    private bool TryTakeBatch(out ulong first, out ulong end)
    {
        lock (_gate)
        {
            first = _next;
            end = Math.Min(_end, _next + Batch);
            _next = end;
            if (first / 50_000_000 != end / 50_000_000)
            {
                _output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"at {end}, {_findings} findings"));
            }

            return first < end && _findings < MaxFindings;
        }
    }

    private void Report(ulong index, byte[] input, string broken)
    {
        lock (_gate)
        {
            // Beyond the first ones the rest are most likely the same defect.
            if (++_findings > MaxFindings)
            {
                return;
            }

            _output.WriteLine($"FINDING seed {_seed} index {index}: {broken}");
            _output.WriteLine(Convert.ToHexStringLower(input.AsSpan(0, Math.Min(input.Length, 256))));
            Directory.CreateDirectory(_findingsFolder);
            File.WriteAllBytes(Path.Combine(_findingsFolder, string.Create(CultureInfo.InvariantCulture, $"{_seed}-{index}.bin")), input);
        }
    }
}
