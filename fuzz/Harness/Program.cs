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
            default:
                Console.Error.WriteLine("stack-fuzz seeds FOLDER   write the hand-made seeds");
                Console.Error.WriteLine("stack-fuzz rate [COUNT]   speed of the mutator and of the reference, and what the inputs are");
                return 2;
        }
    }

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
