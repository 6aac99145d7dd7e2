using System;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>A STUN or TURN server that candidates are gathered from. Immutable.</summary>
public sealed record IceServer
{
    /// <summary>Names a server.</summary>
    /// <param name="server">A <c>stun:</c>, <c>turn:</c> or <c>turns:</c> URI, or what else <see cref="StunServerReference"/> takes.</param>
    /// <param name="credential">The credential; a server with one is a TURN server.</param>
    /// <exception cref="FormatException">The text names no server.</exception>
    public IceServer(string server, LongTermCredential? credential = null)
        : this(StunServerReference.Parse(server), credential)
    {
    }

    /// <summary>Names a server.</summary>
    /// <param name="server">The server.</param>
    /// <param name="credential">The credential; a server with one is a TURN server.</param>
    public IceServer(StunServerReference server, LongTermCredential? credential = null)
    {
        ArgumentNullException.ThrowIfNull(server);
        Server = server;
        Credential = credential;
        IsTurn = credential is not null || server.Text.StartsWith("turn", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The server.</summary>
    public StunServerReference Server { get; }

    /// <summary>The credential; null for none.</summary>
    public LongTermCredential? Credential { get; }

    /// <summary>Whether it relays. A TURN server that is reached over UDP is asked for the mapped address too.</summary>
    public bool IsTurn { get; }

    /// <summary>The transport to a TURN server; null, the default, for what the URI says, or else UDP and, where that does not work, TCP.</summary>
    public StunTransport? Transport { get; init; }

    /// <summary>How the certificate is checked.</summary>
    public StunTlsOptions Tls { get; init; } = new();

    /// <summary>Whether a relayed IPv6 address is asked for beside the IPv4 one; it is by default.</summary>
    public bool RelaysBothFamilies { get; init; } = true;

    /// <summary>The server as it was written. The credential is not shown.</summary>
    public override string ToString() => Server.Text;
}
