using System;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>
/// What TCP and TLS connections may cost a TURN server. A connection is unauthenticated until the server has accepted a TURN request on it.
/// Counts are at least 1, times 1 ms to a day; others are refused when the server starts.
/// </summary>
public sealed record TurnConnectionLimits
{
    /// <summary>Connections at once, in all; 4000 by default.</summary>
    public int MaxConnections { get; init; } = 4000;

    /// <summary>Unauthenticated connections at once, in all; 512 by default.</summary>
    public int MaxUnauthenticated { get; init; } = 512;

    /// <summary>Unauthenticated connections at once from one IPv4 address or IPv6 /64; 32 by default.</summary>
    public int MaxUnauthenticatedPerSource { get; init; } = 32;

    /// <summary>How long the TLS handshake may take; 10 s by default.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the first whole message may take; 10 s by default.</summary>
    public TimeSpan FirstMessageTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a client may take to authenticate; 20 s by default. A server without credentials lets a connection be idle for as long.
    /// </summary>
    public TimeSpan AuthenticationTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// How long an authenticated connection may be silent; 3660 s by default, longer than any allocation goes without a refresh. Connections that
    /// are joined to a peer's may be silent for as long as their allocation lives.
    /// </summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(3660);

    /// <summary>How long the client may leave what it is sent unread before its connection is closed; 10 s by default.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The largest message of an unauthenticated client, in bytes; 20 to 65552, 4096 by default.</summary>
    public int MaxUnauthenticatedMessageSize { get; init; } = StunStreamFramer.DefaultMaxFrameSize;

    /// <summary>
    /// How many bytes wait for one client at most; 131,072 to 16,777,216, 262,144 by default. Relayed data that does not fit is dropped.
    /// </summary>
    public int SendQueueSize { get; init; } = 256 * 1024;

    internal void Check()
    {
        CheckRange(MaxConnections, 1, int.MaxValue, nameof(MaxConnections));
        CheckRange(MaxUnauthenticated, 1, int.MaxValue, nameof(MaxUnauthenticated));
        CheckRange(MaxUnauthenticatedPerSource, 1, int.MaxValue, nameof(MaxUnauthenticatedPerSource));
        CheckRange(MaxUnauthenticatedMessageSize, StunMessage.HeaderSize, StunMessage.MaxSize, nameof(MaxUnauthenticatedMessageSize));
        CheckRange(SendQueueSize, 128 * 1024, 16 * 1024 * 1024, nameof(SendQueueSize));
        CheckTime(HandshakeTimeout, nameof(HandshakeTimeout));
        CheckTime(FirstMessageTimeout, nameof(FirstMessageTimeout));
        CheckTime(AuthenticationTimeout, nameof(AuthenticationTimeout));
        CheckTime(IdleTimeout, nameof(IdleTimeout));
        CheckTime(StallTimeout, nameof(StallTimeout));
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
