using System;
using BenchmarkDotNet.Running;

namespace Stack.Bench;

internal static class Program
{
    public static int Main(string[] args)
    {
        switch (args)
        {
            case ["stun-side-by-side"]:
                SideBySideRunner.Run(Console.Out);
                return 0;
            case ["stun-table", var pion, var ours]:
                return SideBySideTable.Write(pion, ours, Console.Out) ? 0 : 1;
            default:
                BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
                return 0;
        }
    }
}
