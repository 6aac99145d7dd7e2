using System;
using System.Net;
using System.Net.Sockets;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>How <see cref="NatDiscoveryClient"/> probes.</summary>
public sealed record NatDiscoveryClientOptions
{
    /// <summary>The probes and their schedule.</summary>
    public NatDiscoveryOptions Discovery { get; init; } = new();

    /// <summary>IPv4 or IPv6 only; <see cref="AddressFamily.Unspecified"/>, the default, for IPv4 where a server has it.</summary>
    public AddressFamily Family { get; init; } = AddressFamily.Unspecified;

    /// <summary>
    /// The local address, of the servers' family; null, the default, for the one that the routing table picks. Ports are always random.
    /// </summary>
    public IPAddress? Local { get; init; }

    /// <summary>How long finding the servers and the tests may take together; what is not known by then stays unknown. No limit by default.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>
    /// Called with each probe that has ended, for progress; on no particular thread, one call at a time. The tests wait for it, so it should
    /// return at once. What it throws ends the tests and is thrown to the caller.
    /// </summary>
    public Action<NatEvidence>? Progress { get; init; }

    /// <summary>Who finds the servers' addresses; null, the default, for SRV records and the system's resolver.</summary>
    public StunServerLocator? Locator { get; init; }

    /// <summary>
    /// Called with each message sent or received; null, the default, for nobody. On no particular thread, under a lock: it must return at once
    /// and must not throw.
    /// </summary>
    public Action<StunTrace>? Trace { get; init; }

    /// <summary>The clock; the system's by default.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
