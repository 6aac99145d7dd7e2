using System;

namespace Stack.Simulation;

/// <summary>A call that a test or a program has scheduled.</summary>
internal sealed class ScheduledAction(Action action) : SimulationEvent
{
    public override void Fire() => action();
}
