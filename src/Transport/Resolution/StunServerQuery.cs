using System;
using System.Net.Sockets;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>Which server is wanted, and how it will be contacted.</summary>
/// <remarks>
/// A <c>stuns</c> URI with an address literal is to be refused by the reader of the URI (RFC 8489 section 8.1): here TLS with a literal is
/// allowed, for certificates that name an address and for tests.
/// </remarks>
public sealed record StunServerQuery
{
    /// <summary>Names the server.</summary>
    /// <param name="host">
    /// A host name (letters, digits, hyphens, underscores; others are converted by IDNA; at most 253 characters), a dotted quad, or an IPv6
    /// address with or without brackets, link-local ones with their zone.
    /// </param>
    /// <exception cref="ArgumentException">The host is neither, such as <c>a..b</c>, <c>-h</c>, <c>127.1</c> or an empty text.</exception>
    public StunServerQuery(string host)
    {
        ArgumentNullException.ThrowIfNull(host);
        Host = StunHost.Parse(host);
    }

    /// <summary>The port, 1 to 65535; null (the default) for the port of the SRV records or else the default port.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The port is not in that range.</exception>
    public int? Port
    {
        get;
        init
        {
            if (value is < 1 or > 65535)
            {
                throw new ArgumentOutOfRangeException(nameof(value), value, "A port is 1 to 65535.");
            }

            field = value;
        }
    }

    /// <summary>The transport; UDP by default.</summary>
    public StunTransport Transport { get; init; } = StunTransport.Udp;

    /// <summary>The service; Binding by default.</summary>
    public StunService Service { get; init; } = StunService.Stun;

    /// <summary>The only address family to return; <see cref="AddressFamily.Unspecified"/> (the default) for both.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Neither IPv4 (InterNetwork), IPv6 (InterNetworkV6) nor unspecified.</exception>
    public AddressFamily Family
    {
        get;
        init
        {
            if (value is not (AddressFamily.Unspecified or AddressFamily.InterNetwork or AddressFamily.InterNetworkV6))
            {
                throw new ArgumentOutOfRangeException(nameof(value), value, "Addresses are IPv4 or IPv6.");
            }

            field = value;
        }
    } = AddressFamily.Unspecified;

    /// <summary>The host in ASCII, without brackets or trailing dot.</summary>
    public string HostName => Host.Name;

    internal StunHost Host { get; }

    /// <summary>The port used where neither the caller nor an SRV record gives one (RFC 8489 section 8.1).</summary>
    internal int DefaultPort => Transport == StunTransport.Tls ? 5349 : 3478;

    /// <summary>An SRV name that a NAPTR record points to, with no fallback to the host; null for that of the service.</summary>
    internal string? PointedServiceRecord { get; init; }

    /// <summary>The name of the SRV records (RFC 8489 section 8.1, RFC 5780 section 5.1, RFC 5928 section 3).</summary>
    internal string ServiceRecordName
    {
        get
        {
            string service = Service switch
            {
                StunService.StunBehavior => "_stun-behavior",
                StunService.Turn => "_turn",
                _ => "_stun",
            };
            return PointedServiceRecord ?? Transport switch
            {
                StunTransport.Udp => $"{service}._udp.{HostName}",
                StunTransport.Tcp => $"{service}._tcp.{HostName}",
                _ => $"{service}s._tcp.{HostName}",
            };
        }
    }
}
