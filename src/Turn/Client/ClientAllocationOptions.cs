using System;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>What a client asks of a server for one allocation, and how it talks to the server.</summary>
public sealed record ClientAllocationOptions
{
    /// <summary>The long-term credential; null, the default, for a server that asks for none.</summary>
    public LongTermCredential? Credential { get; init; }

    /// <summary>The transport between client and server; UDP by default.</summary>
    public StunTransport Transport { get; init; } = StunTransport.Udp;

    /// <summary>The protocol between server and peers; UDP by default, TCP as RFC 6062 has it.</summary>
    public RelayProtocol Protocol { get; init; } = RelayProtocol.Udp;

    /// <summary>The lifetime to ask for, 1 s to 1 h; null, the default, for the server's. Servers grant their default at least.</summary>
    public TimeSpan? Lifetime
    {
        get;
        init => field = value is null || (value >= TimeSpan.FromSeconds(1) && value <= TimeSpan.FromHours(1))
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "A lifetime is 1 s to 1 h.");
    }

    /// <summary>The family of the relayed address; <see cref="StunAddressFamily.None"/>, the default, for the server's choice, which is IPv4.</summary>
    public StunAddressFamily Family { get; init; }

    /// <summary>Whether to ask for a relayed address of each family (RFC 8656 section 7.1).</summary>
    public bool Dual { get; init; }

    /// <summary>What is asked of the relayed port; nothing by default.</summary>
    public EvenPortRequest EvenPort { get; init; }

    /// <summary>The token of a reserved port; null, the default, for none.</summary>
    public ReservationToken? ReservationToken { get; init; }

    /// <summary>Whether DONT-FRAGMENT shall be usable; a server that lacks it refuses the allocation with 420.</summary>
    public bool DontFragment { get; init; }

    /// <summary>The schedule of requests.</summary>
    public RetransmissionSchedule Schedule { get; init; } = RetransmissionSchedule.Default;

    /// <summary>Refuses what no server could grant.</summary>
    /// <param name="options">The options.</param>
    /// <exception cref="ArgumentException">The combination is one that RFC 8656 section 7.1 or RFC 6062 section 4.1 forbids.</exception>
    internal static void Validate(ClientAllocationOptions options)
    {
        if (options.Family is not (StunAddressFamily.None or StunAddressFamily.IPv4 or StunAddressFamily.IPv6))
        {
            throw new ArgumentException("A relayed address is IPv4 or IPv6.", nameof(options));
        }

        if (options.Dual && options.Family != StunAddressFamily.None)
        {
            throw new ArgumentException("A dual allocation has both families: none can be asked for besides (RFC 8656 section 7.1).", nameof(options));
        }

        if (options.Dual && options.EvenPort == EvenPortRequest.EvenAndReserveNext)
        {
            throw new ArgumentException("A dual allocation cannot reserve the next port (RFC 8656 section 7.1).", nameof(options));
        }

        if (options.ReservationToken is not null && (options.EvenPort != EvenPortRequest.None || options.Dual || options.Family != StunAddressFamily.None))
        {
            throw new ArgumentException(
                "A reserved port has its family and its number: neither a family nor an even port goes with a token (RFC 8656 section 7.1).", nameof(options));
        }

        switch (options.Protocol)
        {
            case RelayProtocol.Udp:
                return;
            case RelayProtocol.Tcp when options.Transport == StunTransport.Udp:
                throw new ArgumentException("A TCP allocation needs TCP or TLS to the server (RFC 6062 section 4.1).", nameof(options));
            case RelayProtocol.Tcp when options.DontFragment || options.ReservationToken is not null || options.EvenPort != EvenPortRequest.None:
                throw new ArgumentException(
                    "A TCP allocation has neither DONT-FRAGMENT, nor EVEN-PORT, nor a reservation (RFC 6062 section 4.1).", nameof(options));
            case RelayProtocol.Tcp:
                return;
            default:
                throw new ArgumentException("Peers are reached over UDP or TCP.", nameof(options));
        }
    }
}
