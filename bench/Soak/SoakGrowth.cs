using System.Globalization;

namespace Stack.Soak;

/// <summary>What grew between two moments of one and the same load. Whatever a server keeps of a client that has left shows here.</summary>
internal sealed record SoakGrowth(long HeapBytes, double ResidentShare, double UsualResidentShare)
{
    private const long MostHeapBytes = 256 * 1024;
    private const double MostResidentShare = 0.02;

    public bool IsAllowed => HeapBytes <= MostHeapBytes && ResidentShare <= MostResidentShare;

    public static SoakGrowth Between(SoakMoment first, SoakMoment last) => new(
        last.Held.HeapBytes - first.Held.HeapBytes,
        Compare(first.ResidentBytes, last.ResidentBytes),
        Compare(first.UsualResidentBytes, last.UsualResidentBytes));

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"heap {HeapBytes / 1024} KiB (at most {MostHeapBytes / 1024}), RSS after collections {100 * ResidentShare:0.0} % (at most {100 * MostResidentShare:0}), between them {100 * UsualResidentShare:0.0} %");

    private static double Compare(long first, long last) => (last - first) / (double)first;
}
