using System;
using System.Threading;
using Stack.Stun;

namespace Stack.Cli;

/// <summary>
/// Which records become lines: one of a class and source in 10 s, and 200 a second in all. Holds a table of fixed size: classes and sources that
/// meet in it share an allowance, so that forged sources gain nothing. Safe for concurrent use.
/// </summary>
internal sealed class LogRateLimit(TimeProvider time)
{
    public const int LinesPerSecond = 200;

    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private const int Slots = 16384;
    private const int PrefixBits = 64;

    private readonly Lock _gate = new();
    private readonly long[] _next = new long[Slots];
    private long _second = long.MinValue;
    private int _lines;

    /// <summary>Whether a record may become a line now; if so, it counts as one.</summary>
    /// <param name="class">Its class.</param>
    /// <param name="source">Whom it is about.</param>
    /// <param name="isUnbounded">Whether the limit of the class and source applies.</param>
    public bool Admit(string @class, TransportAddress? source, bool isUnbounded)
    {
        TimeSpan now = time.GetElapsedTime(0);
        int slot = (int)((uint)HashCode.Combine(@class, Prefix(source ?? default)) % Slots);
        lock (_gate)
        {
            if (isUnbounded && now.Ticks < _next[slot])
            {
                return false;
            }

            long second = now.Ticks / TimeSpan.TicksPerSecond;
            if (second != _second)
            {
                _second = second;
                _lines = 0;
            }

            if (_lines >= LinesPerSecond)
            {
                return false;
            }

            _lines++;
            if (isUnbounded)
            {
                _next[slot] = (now + Interval).Ticks;
            }

            return true;
        }
    }

    // Whoever has one address of a /64 has them all.
    private static UInt128 Prefix(TransportAddress source)
    {
        TransportAddress address = source.Unmapped;
        return address.Family == StunAddressFamily.IPv6 ? address.Bits >> PrefixBits << PrefixBits : address.Bits;
    }
}
