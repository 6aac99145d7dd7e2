using System;
using System.Net;
using System.Net.Security;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>How a link is opened.</summary>
internal sealed record LinkOptions
{
    public IPEndPoint? Local { get; init; }

    public required StunTlsOptions Tls { get; init; }

    public required SslApplicationProtocol Protocol { get; init; }

    public required TimeSpan ConnectTimeout { get; init; }

    public required TimeProvider TimeProvider { get; init; }

    /// <summary>Whether ChannelData messages are frames of the stream too.</summary>
    public bool HasChannels { get; init; }

    public int MaxFrameSize { get; init; } = StunMessage.MaxSize;
}
