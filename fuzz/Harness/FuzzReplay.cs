using System;
using System.IO;

namespace Stack.Fuzz;

/// <summary>Runs every committed input through every target, and a fixed stretch of mutations: what CI does.</summary>
internal static class FuzzReplay
{
    private const ulong Mutations = 10_000_000;

    public static int Execute(StunMutatorOptions options, TextWriter output)
    {
        int findings = 0;
        FuzzCorpus corpus = FuzzCorpus.Load(FuzzCorpus.Find("decode"));
        foreach ((string name, Func<IFuzzTarget> create) in Targets.All(options))
        {
            using IFuzzTarget target = create();

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
            var run = new FuzzRun(create, corpus.Entries, options, Path.Combine(AppContext.BaseDirectory, "findings"), output);
            findings += run.Execute(0, Mutations, Environment.ProcessorCount);
        }

        return findings;
    }
}
