using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;

namespace Stack.Soak;

/// <summary>Starts the server, warms it up, loads it, and compares what it holds before and after, both times idle.</summary>
internal static class SoakRun
{
    private const int HostileShare = 20;

    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    public static async Task<int> RunAsync(TimeSpan time, int clients, string[] beside)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["server", clients.ToString(CultureInfo.InvariantCulture)])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using Process server = Process.Start(start)!;
        string[] endPoints = (await server.StandardOutput.ReadLineAsync().ConfigureAwait(false))!.Split(' ');
        var target = new SoakTarget(IPEndPoint.Parse(endPoints[0]), IPEndPoint.Parse(endPoints[1]));
        Console.WriteLine($"fresh:  {await AskAsync(server).ConfigureAwait(false)}");

        await LoadAsync(target, clients, WarmUp).ConfigureAwait(false);
        await Task.Delay(Quiet).ConfigureAwait(false);
        SoakSnapshot before = await AskAsync(server).ConfigureAwait(false);
        Console.WriteLine($"warm:   {before}");

        using Process? other = Start(beside, target, time);
        Task<SoakTally> loading = LoadAsync(target, clients, time);
        var clock = Stopwatch.StartNew();
        while (await Task.WhenAny(loading, Task.Delay(Interval)).ConfigureAwait(false) != loading)
        {
            Console.WriteLine($"{clock.Elapsed.TotalMinutes,3:0} min: {await AskAsync(server).ConfigureAwait(false)}");
        }

        SoakTally tally = await loading.ConfigureAwait(false);
        Console.WriteLine($"load:   {tally}");
        if (other is not null)
        {
            await other.WaitForExitAsync().ConfigureAwait(false);
        }

        await Task.Delay(Quiet).ConfigureAwait(false);
        SoakSnapshot after = await AskAsync(server).ConfigureAwait(false);
        Console.WriteLine($"after:  {after}");
        Console.WriteLine($"change: heap {(after.HeapBytes - before.HeapBytes) / 1024} KiB, descriptors {after.Descriptors - before.Descriptors}, threads outside the pool {after.Threads - after.PoolThreads - before.Threads + before.PoolThreads}, ports {after.Ports - before.Ports}");
        server.StandardInput.Close();
        await server.WaitForExitAsync().ConfigureAwait(false);
        return after.Faults == 0 && after.Ports == before.Ports && after.Allocations == 0 && tally.Lost == 0 ? 0 : 1;
    }

    private static Process? Start(string[] command, SoakTarget target, TimeSpan time)
    {
        if (command.Length == 0)
        {
            return null;
        }

        string seconds = ((int)time.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        IEnumerable<string> arguments = command.Skip(1).Select(one
            => one.Replace("{udp}", target.Udp.ToString(), StringComparison.Ordinal).Replace("{seconds}", seconds, StringComparison.Ordinal));
        return Process.Start(new ProcessStartInfo(command[0], arguments) { UseShellExecute = false });
    }

    private static async Task<SoakTally> LoadAsync(SoakTarget target, int clients, TimeSpan time)
    {
        var tally = new SoakTally();
        using var over = new CancellationTokenSource(time);
        using var echo = new EchoPeer();
        List<Task> all = [];
        for (int i = 0; i < clients; i++)
        {
            all.Add(i % HostileShare == 0
                ? HostileClient.RunAsync(i, target, tally, over.Token)
                : HonestClient.RunAsync(i, target, echo.EndPoint, tally, over.Token));
        }

        await Task.WhenAll(all).ConfigureAwait(false);
        return tally;
    }

    private static async Task<SoakSnapshot> AskAsync(Process server)
    {
        await server.StandardInput.WriteLineAsync("measure").ConfigureAwait(false);
        await server.StandardInput.FlushAsync().ConfigureAwait(false);
        return SoakSnapshot.Parse((await server.StandardOutput.ReadLineAsync().ConfigureAwait(false))!);
    }
}
