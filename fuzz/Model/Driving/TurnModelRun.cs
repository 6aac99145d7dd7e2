using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;

namespace Stack.Fuzz.Model;

/// <summary>Runs the shipped TURN server beside its model, episode after episode; a violation names the episode, which can be run again.</summary>
public sealed class TurnModelRun(ulong seed)
{
    /// <summary>How many messages an episode has.</summary>
    public const int EpisodeSize = 20_000;

    private const int TraceShown = 12;

    private readonly ModelTally _tally = new();
    private readonly Lock _gate = new();
    private long _messages;
    private long _nextEpisode;
    private string? _violation;

    /// <summary>How many inputs the servers have taken.</summary>
    public long Messages => Interlocked.Read(ref _messages);

    /// <summary>The first violation; null for none.</summary>
    public string? Violation => Volatile.Read(ref _violation);

    /// <summary>How often each thing came of an input, by the names of the server's contract.</summary>
    public string Dispositions => string.Join(
        ", ",
        Enum.GetValues<ModelDisposition>().Select(value => string.Create(CultureInfo.InvariantCulture, $"{value} {_tally[value]}")));

    /// <summary>The replies: a method's number, then success and each code.</summary>
    public IEnumerable<string> Replies
    {
        get
        {
            for (int method = 0; method < ModelTally.Methods; method++)
            {
                string codes = string.Join(
                    ", ",
                    Enumerable.Range(0, ModelTally.Codes)
                        .Where(code => _tally[method, code] > 0)
                        .Select(code => string.Create(CultureInfo.InvariantCulture, $"{code}: {_tally[method, code]}")));
                if (codes.Length > 0)
                {
                    yield return string.Create(CultureInfo.InvariantCulture, $"method {method}: {codes}");
                }
            }
        }
    }

    /// <summary>Runs until so many messages have been taken or something is wrong.</summary>
    /// <param name="messages">How many.</param>
    /// <param name="threads">On how many threads.</param>
    /// <param name="firstEpisode">Where to begin.</param>
    public void Execute(long messages, int threads, long firstEpisode = 0)
    {
        _nextEpisode = firstEpisode;
        var workers = new Thread[threads];
        for (int i = 0; i < threads; i++)
        {
            workers[i] = new Thread(() => Work(messages)) { IsBackground = true };
            workers[i].Start();
        }

        foreach (Thread worker in workers)
        {
            worker.Join();
        }
    }

    private static string Explain(ulong seed, ulong number, Exception error)
    {
        var trace = new List<string>();
        try
        {
            using var episode = new ModelEpisode(seed, number, new ModelTally(), trace);
            episode.Run(EpisodeSize);
        }
        catch (Exception again) when (again is not OutOfMemoryException)
        {
            string last = string.Join(Environment.NewLine, trace.TakeLast(TraceShown));
            return $"seed {seed} episode {number}: {again}{Environment.NewLine}{last}";
        }

        return $"seed {seed} episode {number}, not again: {error}";
    }

    private void Work(long messages)
    {
        while (Messages < messages && Violation is null)
        {
            ulong number = (ulong)(Interlocked.Increment(ref _nextEpisode) - 1);
            var tally = new ModelTally();
            try
            {
                using var episode = new ModelEpisode(seed, number, tally, trace: null);
                episode.Run(EpisodeSize);
                Interlocked.Add(ref _messages, episode.Messages);
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                string explained = Explain(seed, number, error);
                lock (_gate)
                {
                    _violation ??= explained;
                }
            }

            lock (_gate)
            {
                _tally.Add(tally);
            }
        }
    }
}
