using System;
using System.Collections.Generic;

namespace Stack.Signaling;

/// <summary>The servers that a peer is told, with credentials made for it.</summary>
/// <param name="Servers">The servers; may be empty.</param>
/// <param name="Lifetime">How long the credentials are good; null where there are none that expire.</param>
/// <param name="Expires">The same by the wall clock, as VILLASnode wants it; null where nothing expires.</param>
public sealed record RelayServers(IReadOnlyList<RelayServer> Servers, TimeSpan? Lifetime = null, DateTimeOffset? Expires = null)
{
    /// <summary>No servers at all.</summary>
    public static RelayServers None { get; } = new([]);
}
