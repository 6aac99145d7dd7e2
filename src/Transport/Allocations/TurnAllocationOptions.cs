using System;
using Stack.Stun;
using Stack.Turn;

namespace Stack.Transport;

/// <summary>What is asked of a server for one allocation, and how the client handles it.</summary>
public sealed record TurnAllocationOptions
{
    /// <summary>The protocol between server and peers; UDP by default. TCP (RFC 6062) needs TCP or TLS to the server.</summary>
    public RelayProtocol Protocol { get; init; } = RelayProtocol.Udp;

    /// <summary>The family of the relayed address; None, the default, for the server's choice, which is IPv4.</summary>
    public StunAddressFamily Family { get; init; }

    /// <summary>Whether to ask for a relayed address of each family.</summary>
    public bool Dual { get; init; }

    /// <summary>The lifetime to ask for, 1 s to 1 h; null, the default, for the server's.</summary>
    public TimeSpan? Lifetime { get; init; }

    /// <summary>What is asked of the relayed port.</summary>
    public EvenPortRequest EvenPort { get; init; }

    /// <summary>The token of a port that another allocation reserved; null, the default, for none.</summary>
    public ReservationToken? ReservationToken { get; init; }

    /// <summary>Whether datagrams can be sent with DONT-FRAGMENT.</summary>
    public bool DontFragment { get; init; }

    /// <summary>Whether a channel is bound to a peer that data is sent to again and again; by default it is.</summary>
    public bool BindsChannels { get; init; } = true;

    /// <summary>
    /// Whether a lost allocation is replaced by a new one, with the same permissions and channels but another relayed address; not by default. Data
    /// sent meanwhile is dropped. <see cref="TurnAllocation.ReadEventAsync"/> reports the new address.
    /// </summary>
    public bool ReallocatesWhenLost { get; init; }

    /// <summary>How many datagrams wait for <see cref="TurnAllocation.ReceiveAsync"/>, 1 to 65536; what comes beyond is dropped. 512 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Out of range.</exception>
    public int ReceiveQueueCapacity
    {
        get;
        init => field = value is >= 1 and <= 65536
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The queue holds 1 to 65536 datagrams.");
    } = 512;

    internal ClientAllocationOptions ToClientOptions(LongTermCredential? credential, RetransmissionSchedule schedule, StunTransport transport) => new()
    {
        Credential = credential,
        Schedule = schedule,
        Transport = transport,
        Protocol = Protocol,
        Family = Family,
        Dual = Dual,
        Lifetime = Lifetime,
        EvenPort = EvenPort,
        ReservationToken = ReservationToken,
        DontFragment = DontFragment,
    };
}
