using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using Stack.Stun;

namespace Stack.Signaling.Server;

/// <summary>Where a signaling server listens: an address of this machine and a port, with TLS or without. Written <c>http://127.0.0.1:8080</c>.</summary>
/// <param name="UsesTls">Whether it is <c>https</c>, and so <c>wss</c>.</param>
/// <param name="EndPoint">The address and port. Port 0 picks a free one; the unspecified address stands for all of its family.</param>
public sealed record SignalingListenEndPoint(bool UsesTls, IPEndPoint EndPoint)
{
    /// <summary>Parses <c>http://A:P</c> or <c>https://A:P</c>; IPv6 addresses stand in brackets. Names and paths are not taken.</summary>
    /// <param name="text">The text; without a port, 80 or for TLS 443.</param>
    /// <param name="listen">The endpoint.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out SignalingListenEndPoint? listen)
    {
        ArgumentNullException.ThrowIfNull(text);
        listen = null;
        int separator = text.IndexOf("://", StringComparison.Ordinal);
        if (separator < 0 || text[..separator] is not ("http" or "https"))
        {
            return false;
        }

        bool usesTls = separator == "https".Length;
        ReadOnlySpan<char> rest = text.AsSpan(separator + "://".Length).TrimEnd('/');
        if (!TransportAddress.TryParse(rest, out TransportAddress address))
        {
            bool isBracketed = rest.Length > 2 && rest[0] == '[' && rest[^1] == ']';
            ushort port = usesTls ? (ushort)443 : (ushort)80;
            if (!TransportAddress.TryParseAddress(isBracketed ? rest[1..^1] : rest, port, out address)
                || isBracketed != (address.Family == StunAddressFamily.IPv6))
            {
                return false;
            }
        }

        listen = new SignalingListenEndPoint(usesTls, address.ToIPEndPoint());
        return true;
    }

    /// <summary>The form that <see cref="TryParse"/> takes.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(UsesTls ? "https" : "http")}://{EndPoint}");
}
