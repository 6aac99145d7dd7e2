using System;
using System.Net;
using System.Net.Sockets;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>How a <see cref="StunClient"/> reaches its server.</summary>
public sealed record StunClientOptions
{
    /// <summary>The transport; null, the default, for what the URI says, or UDP.</summary>
    public StunTransport? Transport { get; init; }

    /// <summary>IPv4 or IPv6 only; <see cref="AddressFamily.Unspecified"/>, the default, for both.</summary>
    public AddressFamily Family { get; init; } = AddressFamily.Unspecified;

    /// <summary>The local endpoint; null, the default, for any address and a random port. Port 0 for a random one.</summary>
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

    /// <summary>Long-term credentials for servers that ask for them; null, the default, for none.</summary>
    public LongTermCredential? Credential { get; init; }

    /// <summary>Whether requests carry FINGERPRINT; not by default, since nothing else shares the socket.</summary>
    public bool Fingerprint { get; init; }

    /// <summary>The value of SOFTWARE in requests, at most 509 bytes of UTF-8; null, the default, for none.</summary>
    public string? Software { get; init; }

    /// <summary>Who finds the server's addresses; null, the default, for SRV records and the system's resolver.</summary>
    public StunServerLocator? Locator { get; init; }

    /// <summary>
    /// Called with each message sent or received; null, the default, for nobody. On no particular thread, under a lock: it must return at once
    /// and must not throw.
    /// </summary>
    public Action<StunTrace>? Trace { get; init; }

    /// <summary>The clock; the system's by default.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    internal LinkOptions ToLinkOptions() => new()
    {
        Local = Local,
        Tls = Tls,
        Protocol = StunApplicationProtocols.NatDiscovery,
        ConnectTimeout = ConnectTimeout,
        TimeProvider = TimeProvider,
    };

    internal Action<bool, ReadOnlySpan<byte>, TransportAddress>? GetTrace(StunTransport transport)
    {
        return Trace is { } trace ? Report : null;

        void Report(bool sent, ReadOnlySpan<byte> message, TransportAddress remote)
            => trace(new StunTrace(sent, remote.ToIPEndPoint(), transport, message.ToArray()));
    }
}
