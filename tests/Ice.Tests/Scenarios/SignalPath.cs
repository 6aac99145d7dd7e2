using System;
using System.Collections.Generic;
using Stack.Simulation;

namespace Stack.Ice.Tests;

/// <summary>One direction of signaling: held back until it is opened, changed or dropped as the test likes, and remembered.</summary>
internal sealed class SignalPath(Simulator simulator, VirtualIceAgent to)
{
    private readonly Queue<VirtualSignal> _held = new();

    /// <summary>All that was said, in order.</summary>
    public List<VirtualSignal> Said { get; } = [];

    public TimeSpan Delay { get; set; }

    /// <summary>Changes a signal; null drops it.</summary>
    public Func<VirtualSignal, VirtualSignal?>? Filter { get; set; }

    public bool IsOpen { get; private set; }

    public void Take(VirtualSignal signal)
    {
        Said.Add(signal);
        _held.Enqueue(signal);
        if (IsOpen)
        {
            Open();
        }
    }

    public void Open()
    {
        IsOpen = true;
        while (_held.TryDequeue(out VirtualSignal? signal))
        {
            if ((Filter is null ? signal : Filter(signal)) is { } told)
            {
                Deliver(told);
            }
        }
    }

    public void Close() => IsOpen = false;

    /// <summary>Tells something whether the path is open or not.</summary>
    public void Deliver(VirtualSignal signal) => simulator.Schedule(Delay, () => to.Receive(signal));
}
