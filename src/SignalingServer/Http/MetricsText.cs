using System;
using System.Collections.Generic;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using System.Threading;

namespace Stack.Signaling.Server;

/// <summary>Writes the instruments of one meter in the text form that Prometheus reads. Only what is observed is written: the server's meter has nothing else.</summary>
internal sealed class MetricsText : IDisposable
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly MeterListener _listener = new();
    private readonly SortedDictionary<string, (Instrument Instrument, List<string> Lines)> _families = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <param name="meter">The meter, by itself and not by its name: another server of the process has one of the same name.</param>
    public MetricsText(Meter meter)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, meter))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    public void Dispose() => _listener.Dispose();

    public string Write()
    {
        lock (_gate)
        {
            _families.Clear();
            _listener.RecordObservableInstruments();
            var text = new StringBuilder();
            foreach ((string name, (Instrument instrument, List<string> lines)) in _families)
            {
                text.Append("# HELP ").Append(name).Append(' ').Append(instrument.Description).Append('\n');
                text.Append("# TYPE ").Append(name).Append(instrument is ObservableCounter<long> ? " counter\n" : " gauge\n");
                lines.ForEach(line => text.Append(name).Append(line).Append('\n'));
            }

            return text.ToString();
        }
    }

    private void Add(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string name = instrument.Name.Replace('.', '_');
        if (!_families.TryGetValue(name, out (Instrument Instrument, List<string> Lines) family))
        {
            family = (instrument, []);
            _families.Add(name, family);
        }

        var line = new StringBuilder();
        foreach (KeyValuePair<string, object?> tag in tags)
        {
            string text = Convert.ToString(tag.Value, CultureInfo.InvariantCulture) ?? "";
            text = text.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).ReplaceLineEndings(@"\n");
            line.Append(line.Length == 0 ? '{' : ',').Append(tag.Key).Append("=\"").Append(text).Append('"');
        }

        line.Append(line.Length == 0 ? " " : "} ").Append(value.ToString(CultureInfo.InvariantCulture));
        family.Lines.Add(line.ToString());
    }
}
