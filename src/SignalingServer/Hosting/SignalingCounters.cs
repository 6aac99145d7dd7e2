using System;
using System.Collections.Generic;
using System.Diagnostics.Metrics;
using System.Linq;
using System.Threading;

namespace Stack.Signaling.Server;

/// <summary>
/// The meter <c>Stack.Signaling.Server</c>: plain numbers that are read when somebody asks. The first five instruments have the names and meanings that
/// VILLASframework's server gives them.
/// </summary>
internal sealed class SignalingCounters : IDisposable
{
    public const string MeterName = "Stack.Signaling.Server";

    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, long> _refusals = [];
    private readonly SortedDictionary<int, long> _closes = [];
    private readonly SortedDictionary<string, long> _joined = [];
    private long _faults;
    private long _lost;
    private volatile bool _isStoreUp;
    private SignalingCounts _counts;

    /// <param name="host">Whose meter it is: several servers of a process have meters of one name.</param>
    /// <param name="hasStore">Whether sessions are shared.</param>
    public SignalingCounters(object host, bool hasStore)
    {
        Meter = new Meter(new MeterOptions(MeterName) { Scope = host });
        Meter.CreateObservableGauge("signaling.active_sessions", () => (long)Counts.Sessions, "{session}", "Sessions with peers.");
        Meter.CreateObservableGauge("signaling.active_peers", () => (long)Counts.Peers + Counts.RemotePeers, "{peer}", "Peers in sessions.");
        Meter.CreateObservableCounter("signaling.sessions", () => Counts.TotalSessions, "{session}", "Sessions that were opened.");
        Meter.CreateObservableCounter("signaling.connections", () => Counts.TotalConnections, "{connection}", "WebSockets that were opened.");
        Meter.CreateObservableCounter("signaling.messages", GetMessages, "{message}", "Messages of peers, by what they are.");
        Meter.CreateObservableCounter("signaling.delivered", () => Counts.Delivered, "{message}", "Messages given to peers.");
        Meter.CreateObservableCounter("signaling.joined", GetJoined, "{peer}", "Peers that joined, by dialect.");
        Meter.CreateObservableGauge("signaling.open_connections", () => (long)Counts.Connections, "{connection}", "Open WebSockets.");
        Meter.CreateObservableCounter("signaling.refused", GetRefusals, "{connection}", "WebSockets that were not opened, or whose frames were not acceptable, by reason.");
        Meter.CreateObservableCounter("signaling.closed", GetCloses, "{connection}", "WebSockets that the server closed, by code.");
        Meter.CreateObservableCounter("signaling.faults", () => Volatile.Read(ref _faults), "{fault}", "Messages that met a defect of the server; report it.");
        if (hasStore)
        {
            Meter.CreateObservableCounter("signaling.store_lost", () => Volatile.Read(ref _lost), "{message}", "Messages for other processes that waited for the store for too long, or were too many.");
            Meter.CreateObservableGauge("signaling.store_up", () => _isStoreUp ? 1L : 0L, description: "Whether the store of shared sessions can be reached.");
        }
    }

    public Meter Meter { get; }

    /// <summary>What the core counts; the loop writes it down whenever it has nothing more to do.</summary>
    public SignalingCounts Counts
    {
        get
        {
            lock (_gate)
            {
                return _counts;
            }
        }

        set
        {
            lock (_gate)
            {
                _counts = value;
            }
        }
    }

    public void Dispose() => Meter.Dispose();

    public void SetStore(bool isUp) => _isStoreUp = isUp;

    public void SetLost(long lost) => Volatile.Write(ref _lost, lost);

    public void CountFault() => Interlocked.Increment(ref _faults);

    public void CountRefusal(SignalingRefusal refusal) => CountRefusal(refusal switch
    {
        SignalingRefusal.UnknownPath => "unknown path",
        SignalingRefusal.NameTaken => "name taken",
        SignalingRefusal.TooFast => "too fast",
        SignalingRefusal.TooManyFromAddress => "too many from one address",
        _ => "too many in all",
    });

    public void CountRefusal(string reason)
    {
        lock (_gate)
        {
            _refusals[reason] = _refusals.GetValueOrDefault(reason) + 1;
        }
    }

    public void CountClose(int code)
    {
        lock (_gate)
        {
            _closes[code] = _closes.GetValueOrDefault(code) + 1;
        }
    }

    public void Count(in SignalingEvent happened)
    {
        if (happened.Kind == SignalingEventKind.Joined)
        {
            string dialect = happened.Dialect.ToString().ToLowerInvariant();
            lock (_gate)
            {
                _joined[dialect] = _joined.GetValueOrDefault(dialect) + 1;
            }
        }
    }

    private IEnumerable<Measurement<long>> GetMessages()
    {
        SignalingCounts counts = Counts;
        return
        [
            new(counts.Descriptions, new KeyValuePair<string, object?>("type", "description")),
            new(counts.Candidates, new KeyValuePair<string, object?>("type", "candidate")),
            new(counts.OtherMessages, new KeyValuePair<string, object?>("type", "other")),
        ];
    }

    private List<Measurement<long>> GetRefusals() => Read(_refusals, "reason");

    private List<Measurement<long>> GetCloses() => Read(_closes, "code");

    private List<Measurement<long>> GetJoined() => Read(_joined, "dialect");

    private List<Measurement<long>> Read<T>(SortedDictionary<T, long> counts, string tag)
        where T : notnull
    {
        lock (_gate)
        {
            return [.. counts.Select(count => new Measurement<long>(count.Value, new KeyValuePair<string, object?>(tag, count.Key)))];
        }
    }
}
