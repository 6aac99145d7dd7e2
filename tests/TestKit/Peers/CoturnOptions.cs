using System.Collections.Generic;

namespace Stack.TestKit;

/// <summary>How a <see cref="CoturnServer"/> is configured.</summary>
public sealed record CoturnOptions
{
    /// <summary>A relay over UDP, TCP and TLS for the user <c>u</c> with the password <c>p</c>, with loopback peers allowed.</summary>
    public static CoturnOptions Relay { get; } = new()
    {
        Tls = true,
        Lines = ["lt-cred-mech", "user=u:p", "realm=example.org", "allow-loopback-peers"],
    };

    /// <summary>Where it runs.</summary>
    public LabHost Host { get; init; } = LabHost.Local;

    /// <summary>Whether it listens on the host's first two IPv4 addresses and answers CHANGE-REQUEST (RFC 5780); otherwise on the first
    /// alone.</summary>
    public bool BehaviorDiscovery { get; init; }

    /// <summary>Whether it speaks TLS too, on a port of its own.</summary>
    public bool Tls { get; init; }

    /// <summary>Which certificate it shows.</summary>
    public LeafCertificate Certificate { get; init; } = LeafCertificate.Valid;

    /// <summary>The plain port; the alternate is the next one. 0 takes a free pair, which is certain only on <see cref="LabHost.Local"/>;
    /// in a namespace 0 means 3478.</summary>
    public int Port { get; init; }

    /// <summary>Further lines of its configuration, <c>user=u:p</c> for one.</summary>
    public IReadOnlyList<string> Lines { get; init; } = [];
}
