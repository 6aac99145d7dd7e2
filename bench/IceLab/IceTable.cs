using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Stack.TestKit;

namespace Stack.IceBench;

/// <summary>The table in Markdown: a cell a row, a pair of programs a column, the median time to connected of the slower side.</summary>
internal sealed class IceTable(IReadOnlyList<IcePairing> pairings)
{
    private readonly List<(IceCell Cell, Dictionary<IcePairing, List<IceOutcome>> Outcomes, bool Direct)> _rows = [];

    public void Add(IceCell cell, Dictionary<IcePairing, List<IceOutcome>> outcomes, bool direct) => _rows.Add((cell, outcomes, direct));

    public void Write(TextWriter writer)
    {
        writer.WriteLine($"| cell | RTT, loss | {string.Join(" | ", pairings)} |{(Compares ? " ours / best other |" : "")}");
        writer.WriteLine($"| --- | --- |{string.Concat(pairings.Select(static _ => " --- |"))}{(Compares ? " --- |" : "")}");
        foreach (var row in _rows)
        {
            writer.WriteLine(
                $"| {row.Cell.Name} | {row.Cell.Conditions} | {string.Join(" | ", pairings.Select(pair => Text(row.Outcomes[pair], row.Direct)))} |"
                + (Compares ? $" {Ratio(row.Outcomes)} |" : ""));
        }
    }

    private bool Compares => pairings.Count > 1 && pairings.Any(static pair => pair.IsOurs);

    private static string Text(List<IceOutcome> outcomes, bool direct)
    {
        int connected = outcomes.Count(static outcome => outcome.Connected);
        string count = connected == outcomes.Count ? "" : $" **{connected} of {outcomes.Count}**";
        if (connected == 0)
        {
            return $"**0 of {outcomes.Count}**";
        }

        // A relay where a direct path exists is worth a mark.
        string types = string.Join(", ", outcomes
            .Where(static outcome => outcome.Connected)
            .GroupBy(static outcome => $"{outcome.First.Local}/{outcome.First.Remote}", StringComparer.Ordinal)
            .OrderByDescending(static group => group.Count())
            .Select(static group => group.Key));
        bool needless = direct && outcomes.Any(static outcome => outcome is { Connected: true, Relayed: true });
        return string.Create(CultureInfo.InvariantCulture, $"{Median(outcomes):0.0} ms {types}{(needless ? " (!)" : "")}{count}");
    }

    private static double? Median(List<IceOutcome> outcomes)
    {
        double[] times = outcomes.Where(static outcome => outcome.Connected).Select(static outcome => outcome.ConnectMs!.Value).Order().ToArray();
        return times.Length == 0 ? null : (times[(times.Length - 1) / 2] + times[times.Length / 2]) / 2;
    }

    private string Ratio(Dictionary<IcePairing, List<IceOutcome>> outcomes)
    {
        double? ours = outcomes.Where(static pair => pair.Key.IsOurs).Select(static pair => Median(pair.Value)).FirstOrDefault();
        double? other = outcomes.Where(static pair => !pair.Key.IsOurs).Min(static pair => Median(pair.Value));
        return ours is null || other is null ? "-" : string.Create(CultureInfo.InvariantCulture, $"{ours / other:0.00}");
    }
}
