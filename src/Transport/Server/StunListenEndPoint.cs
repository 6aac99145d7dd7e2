using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>Where a server listens: a transport, an address of this machine and a port. Written <c>udp://127.0.0.1:3478</c>.</summary>
/// <param name="Transport">The transport.</param>
/// <param name="EndPoint">
/// The address and port. Port 0 picks a free one. The unspecified address stands for every address that the machine has when the server
/// starts, each with a socket of its own, so that answers leave from where requests arrived.
/// </param>
public sealed record StunListenEndPoint(StunTransport Transport, IPEndPoint EndPoint)
{
    /// <summary>Parses <c>udp://A:P</c>, <c>tcp://A:P</c> or <c>tls://A:P</c>; IPv6 addresses stand in brackets. Names are not taken.</summary>
    /// <param name="text">The text; without a port, 3478 or for TLS 5349.</param>
    /// <param name="listen">The endpoint.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out StunListenEndPoint? listen)
    {
        ArgumentNullException.ThrowIfNull(text);
        listen = null;
        int separator = text.IndexOf("://", StringComparison.Ordinal);
        if (separator < 0)
        {
            return false;
        }

        StunTransport? transport = text[..separator] switch
        {
            "udp" => StunTransport.Udp,
            "tcp" => StunTransport.Tcp,
            "tls" => StunTransport.Tls,
            _ => null,
        };
        ReadOnlySpan<char> rest = text.AsSpan(separator + 3);
        ushort port = transport == StunTransport.Tls ? (ushort)5349 : (ushort)3478;
        if (transport is null || !TryParseEndPoint(rest, port, out TransportAddress address))
        {
            return false;
        }

        listen = new StunListenEndPoint(transport.Value, address.ToIPEndPoint());
        return true;
    }

    /// <summary>The form that <see cref="TryParse"/> takes.</summary>
    public override string ToString()
        => string.Create(CultureInfo.InvariantCulture, $"{Transport.ToString().ToLowerInvariant()}://{EndPoint}");

    private static bool TryParseEndPoint(ReadOnlySpan<char> text, ushort defaultPort, out TransportAddress address)
    {
        if (TransportAddress.TryParse(text, out address))
        {
            return true;
        }

        bool bracketed = text.Length > 2 && text[0] == '[' && text[^1] == ']';
        return TransportAddress.TryParseAddress(bracketed ? text[1..^1] : text, defaultPort, out address)
            && bracketed == (address.Family == StunAddressFamily.IPv6);
    }
}
