using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using Stack.Fuzz.Reference;

namespace Stack.Fuzz;

internal static class Program
{
    private static int Main(string[] args)
    {
        switch (args)
        {
            case ["seeds", string folder]:
                WriteSeeds(folder);
                return 0;
            case ["rate"]:
                MeasureRate(10_000_000);
                return 0;
            case ["rate", string count]:
                MeasureRate(ulong.Parse(count, CultureInfo.InvariantCulture));
                return 0;
            case ["replay"]:
                return FuzzReplay.Execute(new StunMutatorOptions(), Console.Out) == 0 ? 0 : 1;
            case ["run", string name, string count, .. string[] rest]:
                return Run(name, ulong.Parse(count, CultureInfo.InvariantCulture), rest);
            case ["model", .. string[] rest]:
                return ModelRunCommand.Execute(rest, Console.Out);
            case ["ice-sessions", string count, .. string[] rest]:
                return IceSessionsCommand.Execute(long.Parse(count, CultureInfo.InvariantCulture), rest, Console.Out);
            case ["ice-session", string seed, .. string[] rest]:
                return IceSessionsCommand.Replay(ulong.Parse(seed, CultureInfo.InvariantCulture), rest is ["--trace"], Console.Out);
            case ["show", string seed, string index]:
                return Show("decode", ulong.Parse(seed, CultureInfo.InvariantCulture), ulong.Parse(index, CultureInfo.InvariantCulture));
            case ["show", string name, string seed, string index]:
                return Show(name, ulong.Parse(seed, CultureInfo.InvariantCulture), ulong.Parse(index, CultureInfo.InvariantCulture));
            case ["try", string name, .. string[] paths]:
                return Try(name, paths);
            default:
                Console.Error.WriteLine("stack-fuzz replay         the committed corpora and ten million mutations through every target");
                Console.Error.WriteLine("stack-fuzz run TARGET COUNT [SEED [FROM]]   decode, integrity, server, turn-server, turn-client, ice-agents, candidate or description");
                Console.Error.WriteLine("stack-fuzz model [--messages N] [--seed S] [--episode E] [--threads T]   the TURN server beside its model");
                Console.Error.WriteLine("stack-fuzz ice-sessions COUNT [--seed S] [--threads T]   random ICE sessions on the virtual internet");
                Console.Error.WriteLine("stack-fuzz ice-session SEED [--trace]   one of them again");
                Console.Error.WriteLine("stack-fuzz show [TARGET] SEED INDEX   one input in hexadecimal");
                Console.Error.WriteLine("stack-fuzz try TARGET FILE...   findings again");
                Console.Error.WriteLine("stack-fuzz seeds FOLDER   write the hand-made seeds, a folder for each corpus");
                Console.Error.WriteLine("stack-fuzz rate [COUNT]   speed of the mutator and of the reference, and what the inputs are");
                return 2;
        }
    }

    private static int Run(string name, ulong count, string[] rest)
    {
        ulong seed = rest.Length > 0 ? ulong.Parse(rest[0], CultureInfo.InvariantCulture) : 1;
        ulong from = rest.Length > 1 ? ulong.Parse(rest[1], CultureInfo.InvariantCulture) : 0;
        var options = new StunMutatorOptions { Seed = seed };
        if (!Targets.All(options).TryGetValue(name, out FuzzTargetKind? kind))
        {
            Console.Error.WriteLine($"No target {name}.");
            return 2;
        }

        IReadOnlyList<byte[]> corpus = FuzzCorpus.Load(FuzzCorpus.Find(kind.Corpus)).Entries;
        var run = new FuzzRun(kind, corpus, seed, Path.Combine(AppContext.BaseDirectory, "findings"), Console.Out);
        return run.Execute(from, count, Environment.ProcessorCount) == 0 ? 0 : 1;
    }

    private static int Show(string name, ulong seed, ulong index)
    {
        if (!Targets.All(new StunMutatorOptions { Seed = seed }).TryGetValue(name, out FuzzTargetKind? kind))
        {
            Console.Error.WriteLine($"No target {name}.");
            return 2;
        }

        IReadOnlyList<byte[]> corpus = FuzzCorpus.Load(FuzzCorpus.Find(kind.Corpus)).Entries;
        Console.WriteLine(Convert.ToHexStringLower(kind.CreateInputs(corpus).Create(index)));
        return 0;
    }

    // A finding again, from its file.
    private static int Try(string name, string[] paths)
    {
        if (!Targets.All(new StunMutatorOptions()).TryGetValue(name, out FuzzTargetKind? kind))
        {
            Console.Error.WriteLine($"No target {name}.");
            return 2;
        }

        using IFuzzTarget target = kind.Create();
        foreach (string path in paths)
        {
            Console.WriteLine($"{path}: {target.Run(File.ReadAllBytes(path)) ?? "all rules hold"}, {target.Accepted} accepted");
        }

        return 0;
    }

    private static void WriteSeeds(string folder)
    {
        (string Folder, IReadOnlyDictionary<string, byte[]> Seeds)[] corpora =
        [
            ("decode", SeedCorpus.Create()), ("turn-server", TurnServerSeeds.Create()), ("turn-client", TurnClientSeeds.Create()),
            ("ice-agents", IceAgentSeeds.Create()),
            ("candidate", IceTextSeeds.Candidates()), ("description", IceTextSeeds.Descriptions()), ("signaling", SignalingSeeds.Create()),
        ];
        foreach ((string target, IReadOnlyDictionary<string, byte[]> seeds) in corpora)
        {
            Directory.CreateDirectory(Path.Combine(folder, target));
            foreach ((string name, byte[] bytes) in seeds)
            {
                File.WriteAllBytes(Path.Combine(folder, target, name + ".bin"), bytes);
            }

            Console.WriteLine($"{target}: {seeds.Count} seeds");
        }
    }

    private static void MeasureRate(ulong count)
    {
        var mutator = new StunMutator(FuzzCorpus.Load(FuzzCorpus.Find("decode")).Entries, new StunMutatorOptions());
        var message = new ReferenceMessage();
        for (ulong i = 0; i < count / 10; i++)
        {
            message.Load(mutator.Create(i), acceptClassic: true);
        }

        long start = Stopwatch.GetTimestamp();
        long bytes = 0;
        for (ulong i = 0; i < count; i++)
        {
            bytes += mutator.Create(i).Length;
        }

        double mutating = Stopwatch.GetElapsedTime(start).TotalNanoseconds / count;
        long[] verdicts = new long[(int)ReferenceVerdict.IntegrityMalformed + 1];
        long fingerprints = 0;
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        start = Stopwatch.GetTimestamp();
        for (ulong i = 0; i < count; i++)
        {
            ReferenceVerdict verdict = message.Load(mutator.Create(i), acceptClassic: false);
            verdicts[(int)verdict]++;
            if (verdict == ReferenceVerdict.Ok && message.FingerprintOk)
            {
                fingerprints++;
            }
        }

        double both = Stopwatch.GetElapsedTime(start).TotalNanoseconds / count;
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"mutator {mutating:F0} ns, with reference {both:F0} ns, {(double)bytes / count:F1} B per input, {(double)allocated / count:F3} B allocated"));
        for (int i = 0; i < verdicts.Length; i++)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(ReferenceVerdict)i,-24} {100.0 * verdicts[i] / count,7:F3} %"));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"correct FINGERPRINT      {100.0 * fingerprints / count,7:F3} %"));
    }
}
