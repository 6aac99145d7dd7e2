using System;
using System.Collections.Generic;
using Stack.TestKit;
using Xunit;

namespace Stack.Ice.Tests;

/// <summary>Alone, so that what others allocate is not counted.</summary>
[CollectionDefinition(nameof(MemoryTests), DisableParallelization = true)]
public sealed class MemoryTestsCollection;

/// <summary>security.md section 3.2: one agent with all limits at their maximum takes 256 KiB at most.</summary>
[Collection(nameof(MemoryTests))]
public sealed class MemoryTests
{
    [Fact]
    public void Agent_AllLimitsReached_TakesAtMost256Kibibytes()
    {
        // What earlier tests have left may go while this one measures, and hide what it holds, or come to it: such a measurement says nothing and is taken again.
        const int Least = 10_000;
        const int Most = 256 * 1024;
        const int Attempts = 5;
        long each = 0;
        for (int attempt = 0; attempt < Attempts && each is < Least or > Most; attempt++)
        {
            each = Weigh((ulong)attempt);
        }

        Assert.InRange(each, Least, Most);
    }

    private static long Weigh(ulong seed)
    {
        const int Agents = 4;
        List<Bench> benches = [];
        long before = LiveMemory.Measure();
        for (int i = 0; i < Agents; i++)
        {
            benches.Add(Fill((seed * Agents) + (ulong)i));
        }

        long each = (LiveMemory.Measure() - before) / Agents;
        benches.ForEach(static bench => bench.Dispose());
        return each;
    }

    private static Bench Fill(ulong seed)
    {
        var bench = new Bench(seed: seed);
        for (int i = 1; i < 32; i++)
        {
            bench.Add(i, Wire.Address($"192.0.2.{10 + i}:5000"));
        }

        bench.Begin();
        for (int i = 0; i < 100; i++)
        {
            bench.AddRemote(Bench.Remote(Wire.Address($"203.0.113.{i + 1}:2000"), foundation: new string('f', 30) + i));
        }

        for (int i = 0; i < 400; i++)
        {
            bench.Receive(bench.Check(), Wire.Address($"198.51.100.9:{10_000 + i}"), i % 32);
            if (i % 10 == 0)
            {
                bench.Run(TimeSpan.FromMilliseconds(20));
            }

            bench.Sent.Clear();
            bench.Events.Clear();
        }

        bench.Sent.TrimExcess();
        bench.Events.TrimExcess();
        return bench;
    }
}
