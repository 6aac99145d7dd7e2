using System;
using System.Net;
using Stack.Stun;
using Stack.Transport;

namespace Stack.Cli;

/// <summary>The server under load, and how it is talked to.</summary>
internal sealed record LoadTarget
{
    /// <summary>The server as the user has named it.</summary>
    public required string Name { get; init; }

    public required IPEndPoint Server { get; init; }

    /// <summary>The local address of clients and sources.</summary>
    public required IPAddress Local { get; init; }

    public required LoadSystem System { get; init; }

    public LongTermCredential? Credential { get; init; }

    /// <summary>How long the server may say nothing during set-up.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>The process of the server; null where nobody has asked.</summary>
    public ServerProcess? Process { get; init; }

    /// <summary>Shows messages; null where nobody has asked.</summary>
    public Action<StunTrace>? Trace { get; init; }

    public required TimeProvider Time { get; init; }
}
