using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.NetworkInformation;
using System.Threading;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>
/// Notices that addresses come and go: by the system's events, which come in bursts and are awaited to the end, and by looking now and then, where
/// the system has none. One for a process; watchers come and go.
/// </summary>
internal sealed class NetworkWatch
{
    private static readonly TimeSpan Calm = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly List<Action> _watchers = [];
    private readonly IInterfaceAddresses _interfaces;
    private readonly ITimer _timer;
    private readonly bool _usesSystemEvents;
    private HashSet<(string, TransportAddress, bool)> _known = [];

    public NetworkWatch(IInterfaceAddresses interfaces, TimeProvider timeProvider, bool usesSystemEvents)
    {
        _interfaces = interfaces;
        _usesSystemEvents = usesSystemEvents;
        _timer = timeProvider.CreateTimer(static state => ((NetworkWatch)state!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public static NetworkWatch System { get; } = new(SystemInterfaceAddresses.Instance, TimeProvider.System, usesSystemEvents: true);

    /// <summary>Calls back, on no particular thread, after each change, until the result is disposed of.</summary>
    public IDisposable Watch(Action changed)
    {
        lock (_gate)
        {
            _watchers.Add(changed);
            if (_watchers.Count == 1)
            {
                _known = Snapshot();
                _timer.Change(PollInterval, PollInterval);
                if (_usesSystemEvents)
                {
                    NetworkChange.NetworkAddressChanged += OnSystemEvent;
                }
            }
        }

        return new Watcher(this, changed);
    }

    private void OnSystemEvent(object? sender, EventArgs e)
    {
        lock (_gate)
        {
            if (_watchers.Count != 0)
            {
                _timer.Change(Calm, PollInterval);
            }
        }
    }

    private void Look()
    {
        HashSet<(string, TransportAddress, bool)> now = Snapshot();
        Action[] told;
        lock (_gate)
        {
            if (_known.SetEquals(now))
            {
                return;
            }

            _known = now;
            told = [.. _watchers];
        }

        foreach (Action changed in told)
        {
            changed();
        }
    }

    private HashSet<(string, TransportAddress, bool)> Snapshot()
        => [.. _interfaces.List().Select(static entry => (entry.InterfaceName, entry.Address, entry.IsUnusable))];

    private void Stop(Action changed)
    {
        lock (_gate)
        {
            if (_watchers.Remove(changed) && _watchers.Count == 0)
            {
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                if (_usesSystemEvents)
                {
                    NetworkChange.NetworkAddressChanged -= OnSystemEvent;
                }
            }
        }
    }

    private sealed class Watcher(NetworkWatch watch, Action changed) : IDisposable
    {
        public void Dispose() => watch.Stop(changed);
    }
}
