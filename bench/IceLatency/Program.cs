using System;
using System.IO;
using Stack.IceLatency;

// Virtual time to the first usable pair, both strategies side by side; bench/README.md.
if (args is not ([] or ["--output", _]))
{
    Console.Error.WriteLine("stack-ice-latency [--output FILE]");
    return 2;
}

var table = new LatencyTable();
table.Measure();
table.Write(Console.Out);
if (args is [_, string path])
{
    using StreamWriter file = new(path);
    table.Write(file);
}

return table.IsMet ? 0 : 1;
