using System;
using System.Collections.Generic;

namespace Stack.Simulation;

/// <summary>A host or a router: something with interfaces on networks.</summary>
public abstract class NetworkNode
{
    private readonly List<VirtualInterface> _interfaces = [];

    private protected NetworkNode(Simulator simulator, string name)
    {
        ArgumentNullException.ThrowIfNull(simulator);
        ArgumentException.ThrowIfNullOrEmpty(name);
        Simulator = simulator;
        Name = name;
    }

    /// <summary>Its name in traces.</summary>
    public string Name { get; }

    /// <summary>The simulation that it lives in.</summary>
    public Simulator Simulator { get; }

    /// <summary>Its interfaces, in the order in which they were added.</summary>
    public IReadOnlyList<VirtualInterface> Interfaces => _interfaces;

    internal abstract void Receive(VirtualInterface via, Packet packet);

    /// <summary>An interface has come, has gone, or has another state or other addresses.</summary>
    internal virtual void NoteChange(VirtualInterface changed)
    {
    }

    private protected VirtualInterface Attach(Network network, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (network.Simulator != Simulator)
        {
            throw new ArgumentException("The network belongs to another simulation.", nameof(network));
        }

        var added = new VirtualInterface(this, network, $"{Name}/{name ?? network.Name}");
        _interfaces.Add(added);
        return added;
    }

    private protected bool Detach(VirtualInterface gone) => _interfaces.Remove(gone);
}
