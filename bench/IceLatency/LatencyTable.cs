using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Stack.Ice;
using Stack.Ice.Tests;

namespace Stack.IceLatency;

/// <summary>The runs of the latency tests with both strategies, as Markdown.</summary>
internal sealed class LatencyTable
{
    private const int Seeds = 2000;
    private static readonly double[] RoundTrips = [10, 50, 100, 300];

    private readonly List<(string Run, double RoundTrip, string Target, string Default, string ByTheBook)> _rows = [];

    /// <summary>Whether the default strategy keeps all targets.</summary>
    public bool IsMet { get; private set; } = true;

    public void Measure()
    {
        foreach (double trip in RoundTrips)
        {
            Add("host to host", trip, trip + 2, "1 RTT + 2", strategy => LatencyRuns.HostToHost(strategy, trip));
        }

        foreach ((DeadCandidates where, string name, double? more) in ((DeadCandidates, string, double?)[])
            [
                (DeadCandidates.OneNetwork, "one network", 60), (DeadCandidates.PrivateNetworks, "20 private networks", 60), (DeadCandidates.PublicNetworks, "20 public networks", null),
            ])
        {
            foreach (double trip in RoundTrips)
            {
                Add($"20 dead candidates of {name}, one side", trip, trip + more, more is null ? "-" : "1 RTT + 60", strategy => LatencyRuns.AfterDeadCandidates(strategy, trip, where, false));
                Add($"20 dead candidates of {name}, both sides", trip, trip + more, more is null ? "-" : "1 RTT + 60", strategy => LatencyRuns.AfterDeadCandidates(strategy, trip, where, true));
            }
        }

        foreach (double trip in RoundTrips)
        {
            Add("port-restricted NATs", trip, (1.5 * trip) + 60, "1.5 RTT + 60", strategy => LatencyRuns.PortRestricted(strategy, trip));
            Add("port-restricted NATs, one told 1/2 RTT later", trip, (1.5 * trip) + 60, "1.5 RTT + 60", strategy => LatencyRuns.PortRestricted(strategy, trip, trip / 2));
        }

        AddLoss(100, 0.25);
        foreach (double trip in RoundTrips)
        {
            Add("relay only", trip, trip + 10, "1 RTT + 10", strategy => LatencyRuns.RelayOnly(strategy, trip));
        }

        foreach ((Access left, Access right, string name) in ((Access, Access, string)[])
            [
                (Access.Open, Access.Open, "open, open"), (Access.PortRestricted, Access.PortRestricted, "port-restricted NATs"),
                (Access.Symmetric, Access.AddressRestricted, "symmetric, address-restricted"),
            ])
        {
            foreach (double trip in RoundTrips)
            {
                Add($"direct after relayed: {name}", trip, 3 * trip, "3 RTT", strategy => LatencyRuns.DirectAfterRelay(strategy, trip, left, right));
                Add($"direct after the first pair: {name}", trip, 3 * trip, "3 RTT", strategy => LatencyRuns.DirectAfterFirst(strategy, trip, left, right));
            }
        }

        AddSwitch(100);
    }

    public void Write(TextWriter writer)
    {
        writer.WriteLine("# ICE: time to the first usable pair");
        writer.WriteLine();
        writer.WriteLine("Virtual time on the virtual internet, in milliseconds: from the moment when both sides have each other's description, with all gathering done,");
        writer.WriteLine("to a usable pair on both sides. The same on every machine: `dotnet run --project bench/IceLatency -c Release -- --output bench/results/ice-latency.md`.");
        writer.WriteLine("The runs are those of tests/Ice.Tests/Latency. *Default* has targets, *Rfc8445* stands beside it for comparison.");
        writer.WriteLine();
        writer.WriteLine("| run | RTT | target | Default | Rfc8445 |");
        writer.WriteLine("| --- | ---: | --- | ---: | ---: |");
        foreach ((string run, double trip, string target, string ours, string book) in _rows)
        {
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {run} | {trip:0} | {target} | {ours} | {book} |"));
        }

        writer.WriteLine();
        writer.WriteLine("- *Relay only*: both sides have an allocation over UDP on one server; the round trip is the one through the relay. The clock starts when");
        writer.WriteLine("  each side learns the other's relayed candidate, so permissions are part of the time.");
        writer.WriteLine("- *Direct after relayed*: the direct candidates are signaled when data flows over the relay already, and the clock starts then. *Direct after the");
        writer.WriteLine("  first pair*: all candidates are signaled at once, and the clock starts with the first usable pair of either side, whichever it is.");
        writer.WriteLine("- *20 public networks*: nothing tells the dead candidates from the live one, which has the lowest priority; 21 checks take 100 ms at 5 ms each,");
        writer.WriteLine("  which is the least that RFC 8445 section 14.2 allows. No target.");
        writer.WriteLine("- *Network switch*: a packet every 10 ms both ways; in the second row the old path dies at the moment of the restart. Signaling takes 1/2 RTT.");
    }

    private void Add(string run, double trip, double? most, string target, Func<IceStrategy, TimeSpan?> measure)
    {
        TimeSpan? ours = measure(IceStrategy.Default);
        bool isMet = most is null || ours?.TotalMilliseconds <= most;
        IsMet &= isMet;
        _rows.Add((run, trip, target, Text(ours?.TotalMilliseconds) + (isMet ? "" : " (!)"), Text(measure(IceStrategy.Rfc8445)?.TotalMilliseconds)));
    }

    private void AddLoss(double trip, double loss)
    {
        double?[][] quantiles = [.. ((IceStrategy[])[IceStrategy.Default, IceStrategy.Rfc8445]).Select(strategy =>
        {
            TimeSpan?[] results = [.. Enumerable.Range(1, Seeds).Select(seed => LatencyRuns.HostToHost(strategy, trip, (ulong)seed, loss))];
            return (double?[])[LatencyRuns.Quantile(results, 0.5), LatencyRuns.Quantile(results, 0.95)];
        })];
        IsMet &= quantiles[0][0] <= 2 * trip && quantiles[0][1] <= 6 * trip;
        string name = string.Create(CultureInfo.InvariantCulture, $"{loss:P0} loss, {Seeds} seeds");
        _rows.Add((name + ", median", trip, "2 RTT", Text(quantiles[0][0]), Text(quantiles[1][0])));
        _rows.Add((name + ", 95th percentile", trip, "6 RTT", Text(quantiles[0][1]), Text(quantiles[1][1])));
    }

    private void AddSwitch(double trip)
    {
        SwitchRun[] alive = [.. ((IceStrategy[])[IceStrategy.Default, IceStrategy.Rfc8445]).Select(strategy => new SwitchRun(strategy, trip, false))];
        SwitchRun[] cut = [.. ((IceStrategy[])[IceStrategy.Default, IceStrategy.Rfc8445]).Select(strategy => new SwitchRun(strategy, trip, true))];
        IsMet &= alive[0] is { Completed: true, Lost: 0 } && cut[0].Completed && cut[0].LongestGap <= TimeSpan.FromSeconds(1);
        _rows.Add(("network switch, old path alive: packets lost", trip, "0", Lost(alive[0]), Lost(alive[1])));
        _rows.Add(("network switch, old path cut: longest gap", trip, "1000", Text(cut[0].LongestGap.TotalMilliseconds), Text(cut[1].LongestGap.TotalMilliseconds)));
        foreach (SwitchRun run in (SwitchRun[])[.. alive, .. cut])
        {
            run.Dispose();
        }

        static string Lost(SwitchRun run) => string.Create(CultureInfo.InvariantCulture, $"{run.Lost} of {run.Sent}{(run.Completed ? "" : " (!)")}");
    }

    private static string Text(double? milliseconds)
        => milliseconds is null ? "none" : string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0.##}");
}
