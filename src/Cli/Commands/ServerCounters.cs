using System;
using System.Collections.Generic;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Linq;
using System.Threading;

namespace Stack.Cli;

/// <summary>Sums up the servers' meters for the line at the end.</summary>
internal sealed class ServerCounters : IDisposable
{
    private const string Relaying = "Stack.Turn.Server";
    private const string Signaling = "Stack.Signaling.Server";

    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();

    public ServerCounters()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name is Relaying or Signaling)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>(Count);
        _listener.Start();
    }

    /// <summary>Reads the meter, while the server lives.</summary>
    public void Collect()
    {
        lock (_gate)
        {
            _counts.Clear();
        }

        _listener.RecordObservableInstruments();
    }

    public void Dispose() => _listener.Dispose();

    public override string ToString()
    {
        lock (_gate)
        {
            return _counts.Count == 0
                ? "nothing"
                : string.Join(", ", _counts.Select(count => string.Create(CultureInfo.InvariantCulture, $"{count.Value} {count.Key}")));
        }
    }

    private void Count(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        if (value == 0)
        {
            return;
        }

        int prefix = instrument.Meter.Name == Relaying ? instrument.Name.LastIndexOf('.') + 1 : 0;
        string name = instrument.Name[prefix..].Replace('_', ' ').Replace('.', ' ');
        foreach (KeyValuePair<string, object?> tag in tags)
        {
            if (tag.Key is "outcome" or "direction" or "reason" or "type" or "dialect" or "code")
            {
                name = $"{name} {tag.Value}";
            }
        }

        lock (_gate)
        {
            _counts[name] = _counts.GetValueOrDefault(name) + value;
        }
    }
}
