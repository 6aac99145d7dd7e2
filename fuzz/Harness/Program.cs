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
            case ["show", string seed, string index]:
                Show(ulong.Parse(seed, CultureInfo.InvariantCulture), ulong.Parse(index, CultureInfo.InvariantCulture));
                return 0;
            default:
                Console.Error.WriteLine("stack-fuzz replay         the committed corpora and ten million mutations through every target");
                Console.Error.WriteLine("stack-fuzz run TARGET COUNT [SEED [FROM]]   decode, integrity or server");
                Console.Error.WriteLine("stack-fuzz model [--messages N] [--seed S] [--episode E] [--threads T]   the TURN server beside its model");
                Console.Error.WriteLine("stack-fuzz show SEED INDEX   one input in hexadecimal");
                Console.Error.WriteLine("stack-fuzz seeds FOLDER   write the hand-made seeds");
                Console.Error.WriteLine("stack-fuzz rate [COUNT]   speed of the mutator and of the reference, and what the inputs are");
                return 2;
        }
    }

    private static int Run(string name, ulong count, string[] rest)
    {
        ulong seed = rest.Length > 0 ? ulong.Parse(rest[0], CultureInfo.InvariantCulture) : 1;
        ulong from = rest.Length > 1 ? ulong.Parse(rest[1], CultureInfo.InvariantCulture) : 0;
        var options = new StunMutatorOptions { Seed = seed };
        if (!Targets.All(options).TryGetValue(name, out Func<IFuzzTarget>? create))
        {
            Console.Error.WriteLine($"No target {name}.");
            return 2;
        }

        var run = new FuzzRun(create, LoadCorpus(), options, Path.Combine(AppContext.BaseDirectory, "findings"), Console.Out);
        return run.Execute(from, count, Environment.ProcessorCount) == 0 ? 0 : 1;
    }

    private static void Show(ulong seed, ulong index)
        => Console.WriteLine(Convert.ToHexStringLower(new StunMutator(LoadCorpus(), new StunMutatorOptions { Seed = seed }).Create(index)));

    private static IReadOnlyList<byte[]> LoadCorpus() => FuzzCorpus.Load(FuzzCorpus.Find("decode")).Entries;

    private static void WriteSeeds(string folder)
    {
        Directory.CreateDirectory(folder);
        IReadOnlyDictionary<string, byte[]> seeds = SeedCorpus.Create();
        foreach ((string name, byte[] bytes) in seeds)
        {
            File.WriteAllBytes(Path.Combine(folder, name + ".bin"), bytes);
        }

        Console.WriteLine($"{seeds.Count} seeds");
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
