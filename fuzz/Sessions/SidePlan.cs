using System;
using System.Collections.Generic;
using Stack.Ice;
using Stack.Simulation;

namespace Stack.Fuzz.Sessions;

/// <summary>One of the two agents of a random session.</summary>
public sealed record SidePlan
{
    /// <summary>Its interfaces.</summary>
    public required IReadOnlyList<Access> Accesses { get; init; }

    /// <summary>The role that it begins with.</summary>
    public IceRole Role { get; init; }

    /// <summary>Whether its strategy is the one by the book.</summary>
    public bool IsByTheBook { get; init; }

    /// <summary>Whether it is a lite agent.</summary>
    public bool IsLite { get; init; }

    /// <summary>Whether it knows the STUN server.</summary>
    public bool UsesStun { get; init; }

    /// <summary>Whether it knows the TURN server over UDP.</summary>
    public bool UsesTurn { get; init; }

    /// <summary>Whether it knows the TURN server over TCP.</summary>
    public bool UsesTurnOverTcp { get; init; }

    /// <summary>Whether it has relayed candidates alone.</summary>
    public bool IsRelayOnly { get; init; }

    /// <summary>Whether it knows a STUN server too that does not exist.</summary>
    public bool HasDeadServer { get; init; }

    /// <summary>Its TCP candidates.</summary>
    public VirtualTcpCandidates Tcp { get; init; }

    /// <summary>Its links, in either direction.</summary>
    public LinkProfile Link { get; init; } = LinkProfile.Ideal;

    /// <summary>How much later than the other one it begins.</summary>
    public TimeSpan StartsAfter { get; init; }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{Role}{(IsByTheBook ? " by the book" : "")}{(IsLite ? " lite" : "")}{(UsesStun ? " STUN" : "")}{(UsesTurn ? " TURN" : "")}{(UsesTurnOverTcp ? " TURN/TCP" : "")}"
        + $"{(IsRelayOnly ? " relay-only" : "")}{(HasDeadServer ? " dead-server" : "")} tcp {Tcp} after {StartsAfter.TotalMilliseconds:F0} ms, link {Link.Latency.Least.TotalMilliseconds:F0}-{Link.Latency.Most.TotalMilliseconds:F0} ms"
        + $" loss {Link.Loss:F3} burst {Link.MeanLossBurst:F1} dup {Link.Duplication:F2} reorder {Link.Reordering:F2} mtu {Link.Mtu} rate {Link.BitsPerSecond}: {string.Join(" + ", Accesses)}");
}
