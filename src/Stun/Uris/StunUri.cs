using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Stack.Stun;

/// <summary>
/// A server named by a STUN URI (RFC 7064) or a TURN URI (RFC 7065). Immutable and safe to share between threads.
/// </summary>
/// <remarks>
/// <code>
/// stunURI = ( "stun" / "stuns" ) ":" host [ ":" port ]
/// turnURI = ( "turn" / "turns" ) ":" host [ ":" port ] [ "?transport=" ( "udp" / "tcp" / transport-ext ) ]
/// </code>
/// <para>
/// Nothing is trimmed, unescaped or guessed. Scheme and transport match in either case, as literals of ABNF do. Where the grammar is wider
/// than what can name a server, the host is held to a domain name that the DNS can carry; names in other scripts are written as A-labels.
/// </para>
/// </remarks>
public sealed class StunUri : IEquatable<StunUri>
{
    private const string TransportQuery = "?transport=";
    private const int PlainPort = 3478;
    private const int SecurePort = 5349;

    private StunUri(StunUriScheme scheme, string host, StunUriHostKind hostKind, int? port, StunTransport? transport)
    {
        Scheme = scheme;
        Host = host;
        HostKind = hostKind;
        Port = port;
        Transport = transport;
    }

    /// <summary>Gets which protocol is spoken, and whether under TLS.</summary>
    public StunUriScheme Scheme { get; }

    /// <summary>Gets the host as it was written, without brackets around an IPv6 address.</summary>
    public string Host { get; }

    /// <summary>Gets whether <see cref="Host"/> is a name to resolve or an address to use as it is.</summary>
    public StunUriHostKind HostKind { get; }

    /// <summary>Gets the port, 1 to 65535, or null where the URI leaves it to the DNS and to <see cref="DefaultPort"/>.</summary>
    public int? Port { get; }

    /// <summary>
    /// Gets the transport that the URI demands, or null where it leaves the choice to the resolution (RFC 5928 section 3). With
    /// <c>turns:</c>, <c>?transport=tcp</c> means <see cref="StunTransport.Tls"/> (RFC 7065 appendix A).
    /// </summary>
    public StunTransport? Transport { get; }

    /// <summary>Gets a value indicating whether the server must be reached under TLS.</summary>
    public bool IsSecure => IsSecureScheme(Scheme);

    /// <summary>Gets a value indicating whether the URI names a TURN server rather than a STUN server.</summary>
    public bool IsTurn => Scheme is StunUriScheme.Turn or StunUriScheme.Turns;

    /// <summary>
    /// Gets the port to use where neither the URI nor the DNS gives one: 3478, or 5349 under TLS (RFC 7064 section 3.2, RFC 7065
    /// section 3.2).
    /// </summary>
    public int DefaultPort => IsSecure ? SecurePort : PlainPort;

    /// <summary>Parses a URI that comes from configuration and must be right.</summary>
    /// <param name="text">The whole URI.</param>
    /// <returns>The URI; never one that <see cref="TryParse"/> refuses.</returns>
    /// <exception cref="FormatException">
    /// The text is not such a URI. The message says what is wrong and never repeats the text, which may hold a password before an <c>@</c>.
    /// </exception>
    public static StunUri Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out StunUri? uri, out StunUriStatus status) ? uri : throw new FormatException(Describe(status));

    /// <summary>
    /// Parses a URI. A <c>stuns:</c> URI with an IP address is refused with <see cref="StunUriStatus.SecureIpAddress"/>, as RFC 8489
    /// section 8.1 demands: a certificate could not be matched to the server's name.
    /// </summary>
    /// <param name="text">The whole URI.</param>
    /// <param name="uri">The URI, or null.</param>
    /// <param name="status">What is wrong, or <see cref="StunUriStatus.Success"/>.</param>
    /// <returns>Whether the text is a URI. No input makes this throw.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out StunUri? uri, out StunUriStatus status)
    {
        status = Parse(text, out uri);
        if (uri is { Scheme: StunUriScheme.Stuns, HostKind: not StunUriHostKind.Name })
        {
            uri = null;
            status = StunUriStatus.SecureIpAddress;
        }

        return uri is not null;
    }

    /// <summary>
    /// Parses a URI and lets a <c>stuns:</c> URI with an IP address pass. For callers that authenticate the server by something other than
    /// the host of the URI, for example a pinned certificate or a name that came with the URI; no one else satisfies RFC 8489 section 8.1,
    /// which allows this only where the server is authenticated in a way that a man in the middle cannot answer.
    /// </summary>
    /// <param name="text">The whole URI.</param>
    /// <param name="uri">The URI, or null.</param>
    /// <param name="status">What is wrong, or <see cref="StunUriStatus.Success"/>.</param>
    /// <returns>Whether the text is a URI. No input makes this throw.</returns>
    public static bool TryParseForPinnedServer(
        ReadOnlySpan<char> text, [NotNullWhen(true)] out StunUri? uri, out StunUriStatus status)
    {
        status = Parse(text, out uri);
        return uri is not null;
    }

    /// <summary>Compares scheme, port, transport and, without regard to ASCII case, the host as written.</summary>
    /// <param name="other">The other URI.</param>
    /// <returns>Whether both are written alike; two spellings of one IPv6 address are not.</returns>
    public bool Equals(StunUri? other) =>
        other is not null
        && Scheme == other.Scheme
        && Port == other.Port
        && Transport == other.Transport
        && string.Equals(Host, other.Host, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as StunUri);

    /// <inheritdoc/>
    public override int GetHashCode() =>
        HashCode.Combine(Scheme, Port, Transport, StringComparer.OrdinalIgnoreCase.GetHashCode(Host));

    /// <summary>Writes the URI with scheme and transport in lower case; parsing the result gives an equal URI.</summary>
    /// <returns>The URI.</returns>
    public override string ToString()
    {
        string scheme = Scheme switch
        {
            StunUriScheme.Stun => "stun",
            StunUriScheme.Stuns => "stuns",
            StunUriScheme.Turn => "turn",
            _ => "turns",
        };
        string host = HostKind == StunUriHostKind.IPv6 ? "[" + Host + "]" : Host;
        string port = Port is int number ? ":" + number.ToString(CultureInfo.InvariantCulture) : string.Empty;
        string query = Transport switch
        {
            null => string.Empty,
            StunTransport.Udp => TransportQuery + "udp",
            _ => TransportQuery + "tcp",
        };
        return scheme + ":" + host + port + query;
    }

    private static StunUriStatus Parse(ReadOnlySpan<char> text, out StunUri? uri)
    {
        uri = null;
        if (!TryReadScheme(ref text, out StunUriScheme scheme))
        {
            return StunUriStatus.UnknownScheme;
        }

        // No production behind the scheme has this character, and "user:password@host" would otherwise be reported as a wrong port.
        if (text.Contains('@'))
        {
            return StunUriStatus.UserInformation;
        }

        StunUriStatus status = ReadHost(ref text, out ReadOnlySpan<char> host, out StunUriHostKind hostKind);
        if (status != StunUriStatus.Success)
        {
            return status;
        }

        if (!TryReadPort(ref text, out int? port))
        {
            return StunUriStatus.InvalidPort;
        }

        status = ReadQuery(text, scheme, out StunTransport? transport);
        if (status == StunUriStatus.Success)
        {
            uri = new StunUri(scheme, host.ToString(), hostKind, port, transport);
        }

        return status;
    }

    private static bool TryReadScheme(ref ReadOnlySpan<char> text, out StunUriScheme scheme)
    {
        int colon = text.IndexOf(':');
        ReadOnlySpan<char> name = text[..Math.Max(colon, 0)];
        StunUriScheme? known =
            name.Equals("stun", StringComparison.OrdinalIgnoreCase) ? StunUriScheme.Stun
            : name.Equals("stuns", StringComparison.OrdinalIgnoreCase) ? StunUriScheme.Stuns
            : name.Equals("turn", StringComparison.OrdinalIgnoreCase) ? StunUriScheme.Turn
            : name.Equals("turns", StringComparison.OrdinalIgnoreCase) ? StunUriScheme.Turns
            : null;
        scheme = known.GetValueOrDefault();
        text = text[(colon + 1)..];
        return known is not null;
    }

    private static StunUriStatus ReadHost(ref ReadOnlySpan<char> text, out ReadOnlySpan<char> host, out StunUriHostKind kind)
    {
        kind = StunUriHostKind.Name;
        if (text.StartsWith('['))
        {
            int close = text.IndexOf(']');
            host = close < 0 ? default : text[1..close];
            text = text[(close + 1)..];
            kind = StunUriHostKind.IPv6;
            return IpLiteral.TryParseIPv6(host, out _) && (text.IsEmpty || text[0] is ':' or '?')
                ? StunUriStatus.Success
                : StunUriStatus.InvalidHost;
        }

        int end = text.IndexOfAny(':', '?');
        host = end < 0 ? text : text[..end];
        text = text[host.Length..];
        if (host.IsEmpty)
        {
            return StunUriStatus.MissingHost;
        }

        if (IpLiteral.TryParseIPv4(host, out _))
        {
            kind = StunUriHostKind.IPv4;
            return StunUriStatus.Success;
        }

        return RegisteredName.IsValid(host) ? StunUriStatus.Success : StunUriStatus.InvalidHost;
    }

    // RFC 3986 section 3.2.3: port = *DIGIT, so that a colon with nothing behind it is no port, and zeros may lead.
    private static bool TryReadPort(ref ReadOnlySpan<char> text, out int? port)
    {
        port = null;
        if (!text.StartsWith(':'))
        {
            return true;
        }

        int end = text.IndexOf('?');
        ReadOnlySpan<char> digits = end < 0 ? text[1..] : text[1..end];
        text = text[(digits.Length + 1)..];
        if (digits.IsEmpty)
        {
            return true;
        }

        int value = 0;
        foreach (char digit in digits)
        {
            value = (value * 10) + (digit - '0');
            if (!char.IsAsciiDigit(digit) || value > ushort.MaxValue)
            {
                return false;
            }
        }

        port = value;
        return value != 0;
    }

    private static StunUriStatus ReadQuery(ReadOnlySpan<char> text, StunUriScheme scheme, out StunTransport? transport)
    {
        transport = null;
        if (text.IsEmpty)
        {
            return StunUriStatus.Success;
        }

        if (scheme is StunUriScheme.Stun or StunUriScheme.Stuns
            || !text.StartsWith(TransportQuery, StringComparison.OrdinalIgnoreCase)
            || !IsUnreserved(text[TransportQuery.Length..]))
        {
            return StunUriStatus.InvalidQuery;
        }

        ReadOnlySpan<char> value = text[TransportQuery.Length..];
        bool secure = IsSecureScheme(scheme);
        if (value.Equals("tcp", StringComparison.OrdinalIgnoreCase))
        {
            transport = secure ? StunTransport.Tls : StunTransport.Tcp;
        }
        else if (!secure && value.Equals("udp", StringComparison.OrdinalIgnoreCase))
        {
            transport = StunTransport.Udp;
        }

        return transport is null ? StunUriStatus.UnsupportedTransport : StunUriStatus.Success;
    }

    private static bool IsUnreserved(ReadOnlySpan<char> value)
    {
        foreach (char character in value)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('-' or '.' or '_' or '~'))
            {
                return false;
            }
        }

        return !value.IsEmpty;
    }

    private static bool IsSecureScheme(StunUriScheme scheme) => scheme is StunUriScheme.Stuns or StunUriScheme.Turns;

    private static string Describe(StunUriStatus status) => status switch
    {
        StunUriStatus.UnknownScheme => "A STUN or TURN URI starts with stun:, stuns:, turn: or turns:.",
        StunUriStatus.MissingHost => "The URI has no host behind its scheme.",
        StunUriStatus.InvalidHost =>
            "The host of the URI is neither a domain name, nor an IPv4 address, nor an IPv6 address in brackets without a zone.",
        StunUriStatus.UserInformation => "The URI has an @; a user name and password are given apart from it.",
        StunUriStatus.InvalidPort =>
            "The port of the URI is not a number from 1 to 65535. An IPv6 address in a URI stands in brackets.",
        StunUriStatus.InvalidQuery =>
            "Only a turn: or turns: URI can have a query, and only ?transport=udp or ?transport=tcp.",
        StunUriStatus.UnsupportedTransport => "The transport of the URI is not supported: turn: takes udp or tcp, turns: takes tcp.",
        _ => "A stuns: URI must name its server by a domain name, because its certificate is checked against that name.",
    };
}
