using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>
/// A server as people write it: <c>host</c>, <c>host:port</c>, <c>[v6]:port</c>, an address, or a URI (RFC 7064, RFC 7065). Immutable.
/// </summary>
public sealed record StunServerReference
{
    private StunServerReference(StunServerQuery query, StunTransport? transport, bool demandsTransport, string text)
    {
        DemandsTransport = demandsTransport;
        Host = query.HostName;
        Port = query.Port;
        Transport = transport;
        Text = text;
    }

    /// <summary>The host: a name in ASCII or an address without brackets.</summary>
    public string Host { get; }

    /// <summary>The port; null where it is left to SRV records and the default.</summary>
    public int? Port { get; }

    /// <summary>The transport that a URI demands; null where it is left open.</summary>
    public StunTransport? Transport { get; }

    /// <summary>Whether the URI names the transport itself, and not only TLS by its scheme: then DNS has no say (RFC 5928 section 3).</summary>
    internal bool DemandsTransport { get; }

    /// <summary>The text that was parsed.</summary>
    public string Text { get; }

    /// <summary>Parses a reference.</summary>
    /// <param name="text">The text; nothing is trimmed.</param>
    /// <param name="reference">The reference.</param>
    /// <param name="problem">What is wrong, for people; null on success.</param>
    public static bool TryParse(
        string text,
        [NotNullWhen(true)] out StunServerReference? reference,
        [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        reference = null;
        if (IsUri(text))
        {
            return TryParseUri(text, out reference, out problem);
        }

        if (!TrySplit(text, out string host, out string? portText))
        {
            problem = "a server is written host, host:port, [IPv6]:port or as a stun: or stuns: URI";
            return false;
        }

        int? port = null;
        if (portText is not null)
        {
            if (!ushort.TryParse(portText, NumberStyles.None, CultureInfo.InvariantCulture, out ushort number) || number == 0)
            {
                problem = "a port is a number from 1 to 65535";
                return false;
            }

            port = number;
        }

        return TryCreate(text, host, port, null, demandsTransport: false, out reference, out problem);
    }

    /// <summary>Parses a reference that must be right.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="FormatException">The text is not a reference; the message says why.</exception>
    public static StunServerReference Parse(string text)
        => TryParse(text, out StunServerReference? reference, out string? problem) ? reference : throw new FormatException(problem);

    /// <inheritdoc/>
    public override string ToString() => Text;

    private static bool IsUri(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && text.AsSpan(0, colon).ToString().ToUpperInvariant() is "STUN" or "STUNS" or "TURN" or "TURNS";
    }

    private static bool TryParseUri(
        string text,
        [NotNullWhen(true)] out StunServerReference? reference,
        [NotNullWhen(false)] out string? problem)
    {
        reference = null;

        // A stuns: URI with an address passes here: the certificate check names the address or the caller's pin (RFC 8489 section 8.1).
        if (!StunUri.TryParseForPinnedServer(text, out StunUri? uri, out StunUriStatus status))
        {
            problem = $"not a STUN or TURN URI ({status})";
            return false;
        }

        StunTransport? transport = uri.Transport ?? (uri.IsSecure ? StunTransport.Tls : null);
        return TryCreate(text, uri.Host, uri.Port, transport, uri.Transport is not null, out reference, out problem);
    }

    private static bool TryCreate(
        string text,
        string host,
        int? port,
        StunTransport? transport,
        bool demandsTransport,
        [NotNullWhen(true)] out StunServerReference? reference,
        [NotNullWhen(false)] out string? problem)
    {
        reference = null;
        problem = null;
        try
        {
            reference = new StunServerReference(new StunServerQuery(host) { Port = port }, transport, demandsTransport, text);
            return true;
        }
        catch (ArgumentException)
        {
            problem = "the host is neither a name nor an address";
            return false;
        }
    }

    private static bool TrySplit(string text, out string host, out string? port)
    {
        host = text;
        port = null;
        if (text.StartsWith('['))
        {
            int close = text.IndexOf(']', StringComparison.Ordinal);
            if (close < 0 || (close + 1 < text.Length && text[close + 1] != ':'))
            {
                return false;
            }

            host = text[1..close];
            port = close + 1 < text.Length ? text[(close + 2)..] : null;
            return host.Contains(':', StringComparison.Ordinal);
        }

        int first = text.IndexOf(':', StringComparison.Ordinal);
        if (first >= 0 && first == text.LastIndexOf(':'))
        {
            host = text[..first];
            port = text[(first + 1)..];
        }

        return host.Length != 0;
    }
}
