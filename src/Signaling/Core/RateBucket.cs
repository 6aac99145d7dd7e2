using System;
using Stack.Stun;

namespace Stack.Signaling;

/// <summary>So many a second, and so many at once. May be overdrawn: the debt is the time to wait.</summary>
internal sealed class RateBucket
{
    private readonly double _perSecond;
    private readonly double _burst;
    private double _tokens;
    private Instant _filled;

    public RateBucket(double perSecond, double burst, Instant now)
    {
        _perSecond = perSecond;
        _burst = burst;
        _tokens = burst;
        _filled = now;
    }

    /// <summary>How many are left; negative after more were taken than there were.</summary>
    public double Left(Instant now)
    {
        _tokens = Math.Min(_burst, _tokens + ((now - _filled).TotalSeconds * _perSecond));
        _filled = now;
        return _tokens;
    }

    /// <summary>Whether nothing was taken lately.</summary>
    public bool IsFull(Instant now) => Left(now) >= _burst;

    /// <summary>Takes if there are enough.</summary>
    public bool TryTake(int count, Instant now)
    {
        if (Left(now) < count)
        {
            return false;
        }

        _tokens -= count;
        return true;
    }

    /// <summary>Takes one, there or not, and says how long to wait until the debt is paid.</summary>
    public TimeSpan Take(Instant now)
    {
        _tokens = Left(now) - 1;
        return _tokens >= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(-_tokens / _perSecond);
    }
}
