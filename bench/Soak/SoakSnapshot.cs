using System.Globalization;
using System.Linq;

namespace Stack.Soak;

/// <summary>What the server says that it holds, after a full collection.</summary>
internal sealed record SoakSnapshot(long HeapBytes, long PoolThreads, long Ports, long Allocations, long Connections, long Faults, long Relayed)
{
    public static SoakSnapshot Parse(string line)
    {
        long[] v = [.. line.Split(' ').Select(text => long.Parse(text, CultureInfo.InvariantCulture))];
        return new SoakSnapshot(v[0], v[1], v[2], v[3], v[4], v[5], v[6]);
    }

    public string ToLine() => string.Create(
        CultureInfo.InvariantCulture,
        $"{HeapBytes} {PoolThreads} {Ports} {Allocations} {Connections} {Faults} {Relayed}");

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"heap {HeapBytes / 1024} KiB, {PoolThreads} threads of the pool, {Ports} relay ports, {Allocations} allocations, {Connections} connections, {Faults} faults, {Relayed} relayed");
}
