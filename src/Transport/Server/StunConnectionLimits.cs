using System;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>
/// What TCP and TLS connections may cost a server, whose peers have proven nothing. Counts are at least 1, times 1 ms to a day; others are
/// refused when the server starts.
/// </summary>
public sealed record StunConnectionLimits
{
    /// <summary>Connections at once, in all; 512 by default.</summary>
    public int MaxConnections { get; init; } = 512;

    /// <summary>Connections at once from one IPv4 address or IPv6 /64; 32 by default.</summary>
    public int MaxConnectionsPerSource { get; init; } = 32;

    /// <summary>How long the TLS handshake may take; 10 s by default.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the first whole request may take; 10 s by default.</summary>
    public TimeSpan FirstRequestTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a connection may be idle afterwards; 60 s by default.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long the peer may take to read an answer; 10 s by default.</summary>
    public TimeSpan SendTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The largest request, in bytes; 20 to 65552, 4096 by default. A connection that announces a larger one is closed.</summary>
    public int MaxMessageSize { get; init; } = 4096;

    internal void Check()
    {
        CheckRange(MaxConnections, 1, int.MaxValue, nameof(MaxConnections));
        CheckRange(MaxConnectionsPerSource, 1, int.MaxValue, nameof(MaxConnectionsPerSource));
        CheckRange(MaxMessageSize, StunMessage.HeaderSize, StunMessage.MaxSize, nameof(MaxMessageSize));
        CheckTime(HandshakeTimeout, nameof(HandshakeTimeout));
        CheckTime(FirstRequestTimeout, nameof(FirstRequestTimeout));
        CheckTime(IdleTimeout, nameof(IdleTimeout));
        CheckTime(SendTimeout, nameof(SendTimeout));
    }

    private static void CheckTime(TimeSpan value, string name)
        => CheckRange(value, TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(1), name);

    private static void CheckRange<T>(T value, T least, T most, string name)
        where T : struct, IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} is {least} to {most}.");
        }
    }
}
