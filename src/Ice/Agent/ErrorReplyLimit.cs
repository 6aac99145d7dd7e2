using System;
using Stack.Stun;

namespace Stack.Ice;

/// <summary>At most one error a second goes to a source that has proven nothing; sources that fall into one bucket share it.</summary>
internal sealed class ErrorReplyLimit
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private readonly Instant[] _next = new Instant[64];

    public bool TryTake(TransportAddress source, Instant now)
    {
        ref Instant next = ref _next[source.WithPort(0).GetHashCode() & 63];
        if (next > now)
        {
            return false;
        }

        next = now + Interval;
        return true;
    }
}
