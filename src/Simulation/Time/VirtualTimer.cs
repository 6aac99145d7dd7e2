using System;
using Stack.Stun;

namespace Stack.Simulation;

/// <summary>A timer of a host, in the host's time: it stands still while the host is suspended, and is due at once when its clock leaps past it.</summary>
public sealed class VirtualTimer : IDisposable
{
    private readonly VirtualHost _host;
    private readonly Action _elapsed;
    private readonly Firing _firing;
    private long _queuedTicks = long.MaxValue;
    private Instant? _due;
    private bool _disposed;

    internal VirtualTimer(VirtualHost host, Action elapsed)
    {
        _host = host;
        _elapsed = elapsed;
        _firing = new Firing(this);
    }

    /// <summary>
    /// When the timer elapses, once, in the host's time; null, as at first and after it has elapsed, for never. What is past already elapses
    /// as soon as the simulation goes on.
    /// </summary>
    public Instant? Due
    {
        get => _due;
        set
        {
            _due = _disposed ? null : value;
            Queue();
        }
    }

    /// <summary>Stops the timer for good.</summary>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _due = null;
            _host.Forget(this);
        }
    }

    /// <summary>Looks anew when it is due, after the host's clock has changed.</summary>
    internal void Queue()
    {
        if (_due is not { } due)
        {
            return;
        }

        long now = _host.Simulator.Now.Ticks;
        long ticks = _host.IsSuspended ? long.MaxValue : Math.Max(now, due.Ticks - _host.ClockOffset.Ticks);

        // An entry that comes too early looks again; one that comes too late would be missed.
        if (ticks < _queuedTicks)
        {
            _queuedTicks = ticks;
            _host.Simulator.Push(ticks, _firing);
        }
    }

    private void Fire()
    {
        if (_host.Simulator.Now.Ticks >= _queuedTicks)
        {
            _queuedTicks = long.MaxValue;
        }

        if (_due is not { } due || _host.IsSuspended)
        {
            return;
        }

        if (due > _host.Now)
        {
            Queue();
            return;
        }

        _due = null;
        _elapsed();
    }

    private sealed class Firing(VirtualTimer timer) : SimulationEvent
    {
        public override void Fire() => timer.Fire();
    }
}
