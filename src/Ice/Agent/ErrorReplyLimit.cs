using System;
using Stack.Stun;

namespace Stack.Ice;

/// <summary>
/// At most one error a second goes to an IP address that has proven nothing, and to all of them together at most 64. Without hashes, so that an agent
/// repeats itself for the same random numbers.
/// </summary>
internal sealed class ErrorReplyLimit
{
    private const int MaxReplies = 64;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // Most agents never refuse anything.
    private Reply[]? _replies;

    public bool TryTake(TransportAddress source, Instant now)
    {
        TransportAddress host = source.WithPort(0);
        _replies ??= new Reply[MaxReplies];
        int free = -1;
        for (int i = 0; i < _replies.Length; i++)
        {
            ref readonly Reply reply = ref _replies[i];
            if (reply.Until <= now)
            {
                free = i;
            }
            else if (reply.Host == host)
            {
                return false;
            }
        }

        if (free < 0)
        {
            return false;
        }

        _replies[free] = new Reply(host, now + Interval);
        return true;
    }

    private readonly record struct Reply(TransportAddress Host, Instant Until);
}
