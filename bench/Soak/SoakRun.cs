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
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    // The last moment is to be one of the whole load, not of clients that leave.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(5);

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
        using var view = new SystemView(server);
        await MeasureAsync("fresh:", server, view, Idle).ConfigureAwait(false);

        // Whatever the server needs to be measured under load it has loaded after this.
        Task<SoakTally> warming = LoadAsync(target, clients, WarmUp);
        await Task.Delay(WarmUp / 2).ConfigureAwait(false);
        _ = await AskAsync(server).ConfigureAwait(false);
        _ = await warming.ConfigureAwait(false);
        await Task.Delay(Quiet).ConfigureAwait(false);
        int descriptors = view.Descriptors;
        SoakSnapshot before = (await MeasureAsync("warm:", server, view, Idle).ConfigureAwait(false)).Held;

        using Process? other = Start(beside, target, time);
        Task<SoakTally> loading = LoadAsync(target, clients, time);
        List<SoakMoment> loaded = [];
        var clock = Stopwatch.StartNew();
        TimeSpan next = Interval - Margin;
        while (await Task.WhenAny(loading, Task.Delay(next)).ConfigureAwait(false) != loading)
        {
            string when = string.Create(CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalMinutes:0} min:");
            loaded.Add(await MeasureAsync(when, server, view, Interval - Margin).ConfigureAwait(false));
            next = ((loaded.Count + 1) * Interval) - Margin - clock.Elapsed;
        }

        SoakTally tally = await loading.ConfigureAwait(false);
        Console.WriteLine($"load:   {tally}");
        if (other is not null)
        {
            await other.WaitForExitAsync().ConfigureAwait(false);
        }

        await Task.Delay(Quiet).ConfigureAwait(false);
        int left = view.Descriptors - descriptors;
        SoakSnapshot after = (await MeasureAsync("after:", server, view, Idle).ConfigureAwait(false)).Held;
        Console.WriteLine($"change: heap {(after.HeapBytes - before.HeapBytes) / 1024} KiB, descriptors {left}, ports {after.Ports - before.Ports}");
        SoakGrowth? growth = loaded.Count > 1 ? SoakGrowth.Between(loaded[0], loaded[^1]) : null;
        if (growth is not null)
        {
            Console.WriteLine($"growth under load, first to last of the moments above: {growth}");
        }

        server.StandardInput.Close();
        await server.WaitForExitAsync().ConfigureAwait(false);
        return after.Faults == 0 && after.Ports == before.Ports && after.Allocations == 0 && tally.Lost == 0 && growth is not { IsAllowed: false } ? 0 : 1;
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

    private static async Task<SoakMoment> MeasureAsync(string when, Process server, SystemView view, TimeSpan time)
    {
        long usual = view.GetResidentBytes(time);
        string seen = view.ToString();
        SoakSnapshot held = await AskAsync(server).ConfigureAwait(false);
        long resident = view.ReadResidentBytes();
        Console.WriteLine($"{when,-8}RSS {usual / 1024} KiB, {resident / 1024} after a collection, {seen}, {held}");
        return new SoakMoment(usual, resident, held);
    }

    private static async Task<SoakSnapshot> AskAsync(Process server)
    {
        await server.StandardInput.WriteLineAsync("measure").ConfigureAwait(false);
        await server.StandardInput.FlushAsync().ConfigureAwait(false);
        return SoakSnapshot.Parse((await server.StandardOutput.ReadLineAsync().ConfigureAwait(false))!);
    }
}
