using System;

namespace Stack.Simulation;

/// <summary>Says that an interface of a host has come or gone, or that its state or addresses have changed.</summary>
/// <param name="changed">The interface, as it is now.</param>
public sealed class InterfaceChangedEventArgs(VirtualInterface changed) : EventArgs
{
    /// <summary>The interface, as it is now.</summary>
    public VirtualInterface Interface { get; } = changed;
}
