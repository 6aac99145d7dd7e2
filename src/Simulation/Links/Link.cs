using System;

namespace Stack.Simulation;

/// <summary>What lies between an interface and its network. Conditions can change at any time; packets under way keep what they have met.</summary>
public sealed class Link
{
    private readonly LinkDirection _up;
    private readonly LinkDirection _down;

    internal Link(VirtualInterface owner)
    {
        _up = new LinkDirection(owner, isUp: true);
        _down = new LinkDirection(owner, isUp: false);
    }

    /// <summary>The way from the interface to the network.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A share is not 0 to 1, or something is negative.</exception>
    public LinkProfile Up
    {
        get => _up.Profile;
        set => _up.Profile = value;
    }

    /// <summary>The way from the network to the interface.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A share is not 0 to 1, or something is negative.</exception>
    public LinkProfile Down
    {
        get => _down.Profile;
        set => _down.Profile = value;
    }

    /// <summary>Sets both directions.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A share is not 0 to 1, or something is negative.</exception>
    public LinkProfile Both
    {
        set => Up = Down = value;
    }

    /// <summary>Whether the link is cut: nothing passes, and nobody is told. Packets under way are lost too.</summary>
    public bool IsCut { get; set; }

    internal void SendUp(Packet packet) => _up.Transfer(packet);

    internal void SendDown(Packet packet) => _down.Transfer(packet);
}
