using System;
using System.Collections.Generic;
using System.Linq;
using Stack.Ice;

namespace Stack.Transport;

/// <summary>What an <see cref="IceConnection"/> shall be.</summary>
public sealed record IceOptions
{
    /// <summary>The role at first; the one who begins is controlling. Where both sides say the same, the agents settle it.</summary>
    public IceRole Role { get; init; }

    /// <summary>The STUN and TURN servers; all are asked at the same time. None by default: hosts in one network need none.</summary>
    public IReadOnlyList<IceServer> Servers { get; init; } = [];

    /// <summary>How much the peer gets to know; all by default. RFC 8828 asks for the user's consent before it is all.</summary>
    public IcePolicy Policy { get; init; }

    /// <summary>The number of components of each data stream; one stream of one component by default.</summary>
    public IReadOnlyList<int> Streams { get; init; } = [1];

    /// <summary>
    /// Which addresses are used; null, the default, for all but those of interfaces that lead to containers and virtual machines of this host. What
    /// RFC 8445 section 5.1.1.1 forbids is left out whatever it says.
    /// </summary>
    public Func<IceInterfaceAddress, bool>? InterfaceFilter { get; init; }

    /// <summary>The ports of the sockets; the system's choice by default.</summary>
    public IcePortRange Ports { get; init; }

    /// <summary>A UDP port that many connections share; null, the default, for sockets of the connection's own. Stays the caller's.</summary>
    public IceUdpPort? SharedPort { get; init; }

    /// <summary>The TCP candidates; active ones by default.</summary>
    public IceTcpCandidates Tcp { get; init; } = IceTcpCandidates.Active;

    /// <summary>The external addresses of 1:1 NATs that are known.</summary>
    public IReadOnlyList<IceExternalAddress> ExternalAddresses { get; init; } = [];

    /// <summary>Whether loopback addresses are gathered and paired; for tests.</summary>
    public bool AllowsLoopback { get; init; }

    /// <summary>Whether the agent is lite (RFC 8445 section 2.5): for hosts that all peers reach, with host candidates alone.</summary>
    public bool IsLite { get; init; }

    /// <summary>Which pair is checked next, when one is nominated, and which way data goes.</summary>
    public IceStrategy Strategy { get; init; } = IceStrategy.Default;

    /// <summary>The bounds of the agent.</summary>
    public IceLimits Limits { get; init; } = IceLimits.Default;

    /// <summary>A further rule for candidates of the peer; null for none. Called on no particular thread; it must return at once.</summary>
    public Func<Candidate, bool>? AcceptsRemote { get; init; }

    /// <summary>
    /// Whether a change of the network begins a restart, since the peer can be told of new addresses by that alone (RFC 8838 section 14); it does by
    /// default, as long as somebody reads <see cref="IceConnection.LocalSignals"/>.
    /// </summary>
    public bool RestartsWhenNetworkChanges { get; init; } = true;

    /// <summary>How long <see cref="IceConnection.ConnectAsync"/> waits; 60 s by default.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a session that has no pair left waits for the peer (RFC 8863 section 4); 39.5 s by default.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(39.5);

    /// <summary>After this time servers that have not answered are given up, and the end of candidates is told; 10 s by default.</summary>
    public TimeSpan GatheringTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest datagram that is received directly; longer ones are dropped. 576 to 65535, 4096 bytes by default.</summary>
    public int MaxDatagramSize { get; init; } = 4096;

    /// <summary>How many datagrams wait for a component's reader, 1 to 65536; 512 by default.</summary>
    public int ReceiveQueueCapacity { get; init; } = 512;

    /// <summary>Who finds STUN servers; null, the default, for SRV records and the system's resolver.</summary>
    public StunServerLocator? StunLocator { get; init; }

    /// <summary>Who finds TURN servers; null, the default, for NAPTR and SRV records and the system's resolver.</summary>
    public TurnServerLocator? TurnLocator { get; init; }

    /// <summary>
    /// Sees every STUN message that is sent or received: checks and their answers, those over a relay as the peer sees them, and what servers are asked
    /// and answer. Application data is not shown. Null, the default, for nobody. It is called by any thread; it must return at once, not throw (it is
    /// not called again), and not call the connection.
    /// </summary>
    public Action<StunTrace>? Trace { get; init; }

    /// <summary>The clock; the system's by default.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    internal IInterfaceAddresses Interfaces { get; init; } = SystemInterfaceAddresses.Instance;

    internal NetworkWatch? Watch { get; init; } = NetworkWatch.System;

    internal IMdnsNames? MdnsNames { get; init; }

    internal static void Check(IceOptions options)
    {
        Require(options.Streams.Count is >= 1 and <= 16 && options.Streams.All(static count => count is >= 1 and <= 256), "There are 1 to 16 streams of 1 to 256 components.", nameof(options));
        Require(options.MaxDatagramSize is >= 576 and <= 65535, "The longest datagram is 576 to 65535 bytes.", nameof(options));
        Require(options.ReceiveQueueCapacity is >= 1 and <= 65536, "The queue holds 1 to 65536 datagrams.", nameof(options));
        Require(options.ConnectTimeout > TimeSpan.Zero && options.GatheringTimeout > TimeSpan.Zero, "Timeouts are positive.", nameof(options));
        Require(options.SharedPort is null || (options.Streams.Count == 1 && options.Streams[0] == 1), "A shared port tells agents apart, and not the components of one: use one component.", nameof(options));
        Require(options.Policy != IcePolicy.RelayOnly || options.Servers.Any(static server => server.IsTurn), "Relay only needs a TURN server.", nameof(options));
        Require(!options.IsLite || options.Policy == IcePolicy.All, "A lite agent has host candidates alone, so the policy is to show them.", nameof(options));
    }

    internal IceAgentOptions ToAgentOptions(CheckPacer pacer) => new()
    {
        Role = Role,
        IsLite = IsLite,
        Streams = Streams,
        Strategy = Strategy,
        Limits = Limits,
        Pacer = pacer,
        AllowsLoopback = AllowsLoopback,
        AcceptsRemote = AcceptsRemote,
        Patience = Patience,
    };

    private static void Require(bool holds, string message, string parameterName)
    {
        if (!holds)
        {
            throw new ArgumentException(message, parameterName);
        }
    }
}
