using System;
using System.IO;

namespace Stack.Fuzz;

/// <summary>Runs every committed input through its targets, and a fixed stretch of mutations: what CI does.</summary>
internal static class FuzzReplay
{
    public static int Execute(StunMutatorOptions options, TextWriter output)
    {
        int findings = 0;
        foreach ((string name, FuzzTargetKind kind) in Targets.All(options))
        {
            FuzzCorpus corpus = FuzzCorpus.Load(FuzzCorpus.Find(kind.Corpus));
            using IFuzzTarget target = kind.Create();

            // Twice, since targets take turns between two modes.
            for (int round = 0; round < 2; round++)
            {
                for (int i = 0; i < corpus.Entries.Count; i++)
                {
                    if (target.Run(corpus.Entries[i]) is { } broken)
                    {
                        findings++;
                        output.WriteLine($"FINDING {name} {corpus.Names[i]}: {broken}");
                    }
                }

                // An odd step turns the modes round.
                target.Run([]);
            }

            output.WriteLine($"{name}: {corpus.Entries.Count} corpus entries");
            var run = new FuzzRun(kind, corpus.Entries, options.Seed, Path.Combine(AppContext.BaseDirectory, "findings"), output);
            findings += run.Execute(0, kind.ReplayCount, Environment.ProcessorCount);
        }

        return findings;
    }
}
