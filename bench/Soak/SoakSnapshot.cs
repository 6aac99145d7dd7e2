using System.Globalization;
using System.Linq;

namespace Stack.Soak;

/// <summary>What the server holds.</summary>
internal sealed record SoakSnapshot(
    long HeapBytes,
    long ResidentBytes,
    long Descriptors,
    long Threads,
    long PoolThreads,
    long Ports,
    long Allocations,
    long Connections,
    long Faults,
    double CpuSeconds,
    long Relayed)
{
    public static SoakSnapshot Parse(string line)
    {
        double[] v = [.. line.Split(' ').Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
        return new SoakSnapshot((long)v[0], (long)v[1], (long)v[2], (long)v[3], (long)v[4], (long)v[5], (long)v[6], (long)v[7], (long)v[8], v[9], (long)v[10]);
    }

    public string ToLine() => string.Create(
        CultureInfo.InvariantCulture,
        $"{HeapBytes} {ResidentBytes} {Descriptors} {Threads} {PoolThreads} {Ports} {Allocations} {Connections} {Faults} {CpuSeconds:0.###} {Relayed}");

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"heap {HeapBytes / 1024} KiB, RSS {ResidentBytes / 1024} KiB, {Descriptors} descriptors, {Threads} threads ({PoolThreads} of the pool), {Ports} relay ports, {Allocations} allocations, {Connections} connections, {Faults} faults, CPU {CpuSeconds:0.0} s, {Relayed} relayed");
}
