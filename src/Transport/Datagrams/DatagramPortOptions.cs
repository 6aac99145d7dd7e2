namespace Stack.Transport;

/// <summary>What a socket is for. What the system cannot do is left out.</summary>
internal sealed record DatagramPortOptions
{
    /// <summary>Whether ICMP errors are kept for <see cref="DatagramPort.TryReadIcmp"/>.</summary>
    public bool ReportsIcmp { get; init; }

    /// <summary>Whether runs of datagrams may leave as one message that the system, or the network card, cuts up.</summary>
    public bool Segments { get; init; } = true;

    /// <summary>Whether runs of datagrams may come as one message; they are cut up before anybody sees them.</summary>
    public bool Coalesces { get; init; } = true;
}
