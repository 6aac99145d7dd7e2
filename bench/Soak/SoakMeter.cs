using System;
using System.Collections.Generic;
using System.Diagnostics.Metrics;

namespace Stack.Soak;

/// <summary>Reads the server's meter, as an operator would.</summary>
internal sealed class SoakMeter : IDisposable
{
    private readonly Dictionary<string, long> _sums = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();

    public SoakMeter()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Stack.Turn.Server")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => _sums[instrument.Name] = _sums.GetValueOrDefault(instrument.Name) + value);
        _listener.Start();
    }

    /// <summary>The sum of an instrument over its tags, now.</summary>
    public long Read(string name)
    {
        _sums.Clear();
        _listener.RecordObservableInstruments();
        return _sums.GetValueOrDefault(name);
    }

    public void Dispose() => _listener.Dispose();
}
