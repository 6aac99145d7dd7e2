using System;
using System.Collections.Generic;
using System.Diagnostics.Metrics;
using System.Threading;
using System.Threading.Tasks;

namespace Stack.Transport.Tests;

/// <summary>What the servers of this process have counted since the listener was made. Names look like <c>datagrams outcome=answered transport=udp</c>.</summary>
internal sealed class MeterCounts : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _counts = [];
    private readonly List<(string Name, long Count, TaskCompletionSource Reached)> _waiters = [];

    public MeterCounts()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Stack.Stun.Server")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>(OnMeasurement);
        _listener.Start();
    }

    public long this[string name]
    {
        get
        {
            lock (_gate)
            {
                return _counts.GetValueOrDefault(name);
            }
        }
    }

    public Task WaitAsync(string name, long count = 1)
    {
        lock (_gate)
        {
            if (_counts.GetValueOrDefault(name) >= count)
            {
                return Task.CompletedTask;
            }

            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((name, count, reached));
            return reached.Task;
        }
    }

    public void Dispose() => _listener.Dispose();

    private void OnMeasurement(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        string name = instrument.Name.Replace("stun.server.", "", StringComparison.Ordinal);
        foreach (KeyValuePair<string, object?> tag in tags)
        {
            name += $" {tag.Key}={tag.Value}";
        }

        lock (_gate)
        {
            long total = _counts[name] = _counts.GetValueOrDefault(name) + value;
            foreach ((string wanted, long count, TaskCompletionSource reached) in _waiters)
            {
                if (wanted == name && total >= count)
                {
                    reached.TrySetResult();
                }
            }
        }
    }
}
