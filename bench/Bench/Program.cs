using System;
using System.Globalization;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Stack.Bench;

internal static class Program
{
    public static int Main(string[] args)
    {
        switch (args)
        {
            case ["stun-side-by-side"]:
                SideBySideRunner.Run(Console.Out, processor: null);
                return 0;
            case ["stun-side-by-side", var processor]:
                SideBySideRunner.Run(Console.Out, int.Parse(processor, CultureInfo.InvariantCulture));
                return 0;
            case ["timing"]:
                return TimingCases.Run(1_000_000, Console.Out) ? 0 : 1;
            case ["timing", var samples]:
                return TimingCases.Run(int.Parse(samples, CultureInfo.InvariantCulture), Console.Out) ? 0 : 1;
            case ["stun-table", var pion, var ours]:
                return SideBySideTable.Write(pion, ours, Console.Out) ? 0 : 1;
            default:
                // In this process: the other way generates a project, which has to be named as the assembly is.
                ManualConfig config = ManualConfig.Create(DefaultConfig.Instance)
                    .AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance));
                BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, config);
                return 0;
        }
    }
}
