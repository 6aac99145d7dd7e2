using System.Globalization;
using System.Text.Json;
using Stack.Transport;

namespace Stack.Cli;

/// <summary>What a series of probes has shown so far.</summary>
internal sealed class SeriesFindings
{
    public int Sent { get; private set; }

    public int Received { get; private set; }

    public int MappedChanges { get; private set; }

    public StunBinding? Last { get; private set; }

    public RoundTripSummary RoundTrips { get; } = new();

    public double LostPercent => Sent == 0 ? 0 : 100.0 * (Sent - Received) / Sent;

    public void NoteAnswer(StunBinding binding)
    {
        Sent++;
        Received++;
        MappedChanges += Last is { } last && !last.Mapped.Equals(binding.Mapped) ? 1 : 0;
        Last = binding;
        if (binding.RoundTripTime is { } time)
        {
            RoundTrips.Add(time);
        }
    }

    public void NoteLoss() => Sent++;

    public void WriteTo(Utf8JsonWriter json, string server, StunBinding last)
    {
        json.WriteForeign("server", server);
        BindingOutput.WriteAddresses(json, last);
        json.WriteNumber("mappedChanges", MappedChanges);
        RoundTrips.WriteTo(json);
        json.WriteNumber("sent", Sent);
        json.WriteNumber("received", Received);
        json.WriteNumber("lostPercent", System.Math.Round(LostPercent, 2));
        json.WriteNumber("attempts", Sent);
        json.WriteForeign("software", last.Software);
    }

    public void WriteTo(Terminal terminal, string server, StunBinding last)
    {
        terminal.Fact("mapped", last.Mapped.ToString());
        terminal.Fact("local", last.Local.ToString());
        terminal.Fact("NAT", last.IsNatted ? "yes, the address is translated" : "no, the mapped address is the local one");
        terminal.Fact("server", $"{last.Server} ({SafeText.Of(server)}, {BindingOutput.GetName(last.Transport)})");
        terminal.Fact("probes", Counts());
        terminal.Fact("round trip", Times());
        if (MappedChanges != 0)
        {
            terminal.Fact("mapped changes", MappedChanges.ToString(CultureInfo.InvariantCulture));
        }
    }

    public string Counts() => string.Create(CultureInfo.InvariantCulture, $"{Sent} sent, {Received} answered, {LostPercent:0.##} % lost");

    public string Times() => RoundTrips is { Min: { } min, Median: { } median, P95: { } p95, Max: { } max }
        ? $"min {BindingOutput.Milliseconds(min)}, median {BindingOutput.Milliseconds(median)}, "
            + $"p95 {BindingOutput.Milliseconds(p95)}, max {BindingOutput.Milliseconds(max)}"
        : "unknown";
}
