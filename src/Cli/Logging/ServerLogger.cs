using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Stack.Transport;

namespace Stack.Cli;

/// <summary>
/// The log of a server: takes records from any thread at once, writes those that matter enough and are not too many, each as one line, and every
/// 10 s says how many it left out. Never throws and never waits.
/// </summary>
internal sealed class ServerLogger : IAsyncDisposable
{
    private const int MaxClasses = 64;
    private const string OtherClasses = "other";

    private readonly LogSink _sink;
    private readonly TimeProvider _time;
    private readonly LogRateLimit _limit;
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, long> _suppressed = new(StringComparer.Ordinal);
    private readonly ITimer _summary;
    private volatile LogSettings _settings;
    private long _reportedDrops;

    /// <summary>Starts a log.</summary>
    /// <param name="sink">Where the lines go; the logger's from now on.</param>
    /// <param name="settings">What is written and how.</param>
    /// <param name="time">The clock.</param>
    public ServerLogger(LogSink sink, LogSettings settings, TimeProvider time)
    {
        _sink = sink;
        _settings = settings;
        _time = time;
        _limit = new LogRateLimit(time);
        _summary = time.CreateTimer(_ => Summarize(), null, LogRateLimit.Interval, LogRateLimit.Interval);
    }

    /// <summary>Lines that could not be written.</summary>
    public long Dropped => _sink.Dropped;

    /// <summary>Takes a record.</summary>
    /// <param name="record">The record.</param>
    public void Write(ServerLogRecord record)
    {
        LogSettings settings = _settings;
        if (record.Level < settings.Level)
        {
            return;
        }

        if (_limit.Admit(record.Class, record.Source, record.IsUnbounded))
        {
            _sink.Write(LogLine.Format(record, _time.GetUtcNow(), settings.Format));
        }
        else
        {
            Count(record.Class);
        }
    }

    /// <summary>Changes what is written and how; the file of the log stays the one that it is, opened anew.</summary>
    /// <param name="settings">The settings.</param>
    public void Reconfigure(LogSettings settings)
    {
        _settings = settings;
        _sink.Reopen();
    }

    /// <summary>Writes what was left out, then what is queued.</summary>
    public async ValueTask DisposeAsync()
    {
        await _summary.DisposeAsync().ConfigureAwait(false);
        Summarize();
        await _sink.DisposeAsync().ConfigureAwait(false);
    }

    private void Count(string @class)
    {
        lock (_gate)
        {
            string key = _suppressed.Count < MaxClasses || _suppressed.ContainsKey(@class) ? @class : OtherClasses;
            _suppressed[key] = _suppressed.GetValueOrDefault(key) + 1;
        }
    }

    private void Summarize()
    {
        List<ServerLogField> fields = [];
        lock (_gate)
        {
            foreach ((string @class, long count) in _suppressed)
            {
                fields.Add(new ServerLogField(@class, count));
            }

            _suppressed.Clear();
            long dropped = _sink.Dropped;
            if (dropped != _reportedDrops)
            {
                fields.Add(new ServerLogField("dropped", dropped - _reportedDrops));
                _reportedDrops = dropped;
            }
        }

        if (fields.Count != 0)
        {
            var record = new ServerLogRecord(ServerLogLevel.Warning, "log-suppressed", "Records were left out.") { Fields = fields };
            _sink.Write(LogLine.Format(record, _time.GetUtcNow(), _settings.Format));
        }
    }
}
