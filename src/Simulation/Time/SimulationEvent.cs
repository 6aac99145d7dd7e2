namespace Stack.Simulation;

/// <summary>Something that happens at a time. May stand in the queue more than once.</summary>
internal abstract class SimulationEvent
{
    public abstract void Fire();
}
