using System;
using System.Collections.Generic;
using Stack.Stun;

namespace Stack.Simulation;

/// <summary>The signaling between two agents: loses nothing, keeps the order, takes its time.</summary>
public sealed class VirtualSignaling
{
    private readonly Simulator _simulator;

    /// <summary>Connects two agents; what they have to say from now on reaches the other.</summary>
    /// <param name="first">One.</param>
    /// <param name="second">The other one, of the same simulation.</param>
    /// <param name="delay">How long a signal takes; drawn anew for each.</param>
    /// <param name="trickles">Whether candidates are told as they are gathered; else all at once, with the parameters, when gathering has ended.</param>
    public VirtualSignaling(VirtualIceAgent first, VirtualIceAgent second, LatencyDistribution delay = default, bool trickles = true)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        _simulator = first.Host.Simulator;
        FirstToSecond = new Direction(this, second, delay, trickles);
        SecondToFirst = new Direction(this, first, delay, trickles);
        first.Signaled = FirstToSecond.Take;
        second.Signaled = SecondToFirst.Take;
    }

    /// <summary>Whether signals are held back, in order, until it is false again.</summary>
    public bool IsHeld
    {
        get;
        set
        {
            field = value;
            if (!value)
            {
                FirstToSecond.Flush();
                SecondToFirst.Flush();
            }
        }
    }

    /// <summary>How many signals were sent both ways.</summary>
    public int Count { get; private set; }

    private Direction FirstToSecond { get; }

    private Direction SecondToFirst { get; }

    private sealed class Direction(VirtualSignaling owner, VirtualIceAgent to, LatencyDistribution delay, bool trickles)
    {
        private readonly Queue<VirtualSignal> _waiting = new();
        private readonly SimulationRandom _random = owner._simulator.Random.Fork();
        private Instant _last;
        private bool _complete = trickles;

        public void Take(VirtualSignal signal)
        {
            _waiting.Enqueue(signal);
            _complete |= signal.IsEnd;
            Flush();
        }

        public void Flush()
        {
            while (_complete && !owner.IsHeld && _waiting.TryDequeue(out VirtualSignal? signal))
            {
                owner.Count++;
                Instant arrival = owner._simulator.Now + delay.Draw(_random);
                _last = arrival > _last ? arrival : _last;
                owner._simulator.Schedule(_last - owner._simulator.Now, () => to.Receive(signal));
            }
        }
    }
}
