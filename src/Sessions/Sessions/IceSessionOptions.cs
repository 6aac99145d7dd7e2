using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using Stack.Signaling;
using Stack.Transport;

namespace Stack.Sessions;

/// <summary>Which session an <see cref="IceSession"/> joins, where, and how it connects to the peers. The same on all machines.</summary>
public sealed record IceSessionOptions
{
    /// <summary>The signaling server, see <see cref="SignalingClientOptions.Server"/>.</summary>
    public required Uri Server { get; init; }

    /// <summary>The word, see <see cref="SignalingClientOptions.Session"/> and <see cref="SessionWord"/>.</summary>
    public required string Session { get; init; }

    /// <summary>What the others see, see <see cref="SignalingClientOptions.Name"/>.</summary>
    public string Name { get; init; } = "";

    /// <summary>The dialect; our own by default.</summary>
    public SignalingDialect Dialect { get; init; }

    /// <summary>The peers that we call, see <see cref="SignalingClientOptions.Call"/>.</summary>
    public IReadOnlyList<string> Call { get; init; } = [];

    /// <summary>
    /// What each connection shall be. The role is settled by the signaling; the servers that it tells are added to those that stand here. With other peers
    /// than our own kind a change of the network begins no restart, since they know none.
    /// </summary>
    public IceOptions Ice { get; init; } = new();

    /// <summary>How the certificate of the signaling server is checked.</summary>
    public StunTlsOptions Tls { get; init; } = new();

    /// <summary>How long joining may take; 15 s by default.</summary>
    public TimeSpan JoinTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Where the times between attempts and random names come from; null, the default, for the system's. Stays the caller's.</summary>
    public RandomNumberGenerator? Random { get; init; }

    /// <summary>See <see cref="SignalingClientOptions.Farewell"/>.</summary>
    internal TimeSpan Farewell { get; init; } = TimeSpan.FromSeconds(1);

    internal SignalingClientOptions ToClientOptions(RandomNumberGenerator random) => new()
    {
        Server = Server,
        Session = Session,
        Name = Name,
        Dialect = Dialect,
        Call = Call,
        Tls = Tls,
        ConnectTimeout = JoinTimeout,
        Farewell = Farewell,
        Random = random,
        TimeProvider = Ice.TimeProvider,
    };
}
