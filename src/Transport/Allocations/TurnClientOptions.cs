using System;
using System.Net;
using System.Net.Sockets;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>How a <see cref="TurnClient"/> reaches its server.</summary>
public sealed record TurnClientOptions
{
    /// <summary>The transport; null, the default, for what the URI says, or else UDP and, where that does not work, TCP.</summary>
    public StunTransport? Transport { get; init; }

    /// <summary>The address family to reach the server by; <see cref="AddressFamily.Unspecified"/>, the default, for both.</summary>
    public AddressFamily Family { get; init; } = AddressFamily.Unspecified;

    /// <summary>The local address; null, the default, for any. With a port other than 0 there can be one allocation at a time.</summary>
    public IPEndPoint? Local { get; init; }

    /// <summary>The schedule of requests; the defaults of RFC 8489 section 6.2 give up after 39.5 s.</summary>
    public RetransmissionSchedule Schedule { get; init; } = RetransmissionSchedule.Default;

    /// <summary>How long a TCP connection and its TLS handshake may take together; 10 s by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not positive, or more than an hour.</exception>
    public TimeSpan ConnectTimeout
    {
        get;
        init => field = value > TimeSpan.Zero && value <= TimeSpan.FromHours(1)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The time to connect is more than zero and at most an hour.");
    } = TimeSpan.FromSeconds(10);

    /// <summary>How the certificate is checked.</summary>
    public StunTlsOptions Tls { get; init; } = new();

    /// <summary>Who finds the server's addresses; null, the default, for NAPTR and SRV records and the system's resolver.</summary>
    public TurnServerLocator? Locator { get; init; }

    /// <summary>
    /// Called with each message sent or received, data included; null, the default, for nobody. On no particular thread, under a lock: it must
    /// return at once and must not throw.
    /// </summary>
    public Action<StunTrace>? Trace { get; init; }

    /// <summary>The clock; the system's by default.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    internal LinkOptions ToLinkOptions() => new()
    {
        Local = Local,
        Tls = Tls,
        Protocol = StunApplicationProtocols.Turn,
        ConnectTimeout = ConnectTimeout,
        TimeProvider = TimeProvider,
        HasChannels = true,
        MaxFrameSize = StunMessage.MaxSize,
    };
}
