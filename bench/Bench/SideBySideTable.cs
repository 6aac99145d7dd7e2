using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace Stack.Bench;

/// <summary>Reads the lines of both sides and writes the table of their medians.</summary>
internal static class SideBySideTable
{
    private const string Prefix = "Benchmark";

    /// <returns>Whether no ratio is above 1 and neither side is missing, and ours allocates nothing.</returns>
    public static bool Write(string pionPath, string oursPath, TextWriter output)
    {
        Dictionary<string, Sample> pion = Read(pionPath);
        Dictionary<string, Sample> ours = Read(oursPath);
        output.WriteLine("| operation | pion ns | ours ns | ratio | pion B/op | ours B/op |");
        output.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: |");
        using var benchmarks = new StunBenchmarks();
        bool good = true;
        foreach (SideBySideOperation operation in SideBySideOperation.All(benchmarks))
        {
            if (!pion.TryGetValue(operation.PionName, out Sample theirs) || !ours.TryGetValue(operation.PionName, out Sample own))
            {
                output.WriteLine($"| {operation.Name} | missing | missing | | | |");
                good = false;
                continue;
            }

            double ratio = Math.Round(own.Nanoseconds / theirs.Nanoseconds, 2, MidpointRounding.AwayFromZero);
            good &= own.Nanoseconds <= theirs.Nanoseconds && own.Bytes == 0;
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {operation.Name} | {theirs.Nanoseconds:F1} | {own.Nanoseconds:F1} | {ratio:F2} | {theirs.Bytes:0.###} | {own.Bytes:0.###} |"));
        }

        return good;
    }

    private static Dictionary<string, Sample> Read(string path)
        => File.ReadLines(path)
            .Where(line => line.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words.Contains("ns/op", StringComparer.Ordinal))
            .GroupBy(words => words[0][Prefix.Length..], StringComparer.Ordinal)
            .ToDictionary(
                group => group.Key,
                group => new Sample(
                    Median(group.Select(words => Before(words, "ns/op"))),
                    group.Max(words => Before(words, "B/op"))),
                StringComparer.Ordinal);

    private static double Before(string[] words, string unit)
    {
        int at = Array.IndexOf(words, unit);
        return at > 0 ? double.Parse(words[at - 1], CultureInfo.InvariantCulture) : 0;
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private readonly record struct Sample(double Nanoseconds, double Bytes);
}
