using System;

namespace Stack.Sessions;

/// <summary>
/// How many messages may go now, so that a server's limit of 20 a second and 60 at once is never reached: 50 at once, and 18 a second after that.
/// </summary>
internal sealed class SendAllowance(TimeProvider time)
{
    private const double Most = 50;
    private const double PerSecond = 18;

    private double _left = Most;
    private long _at = time.GetTimestamp();

    /// <summary>Takes one.</summary>
    /// <returns>How long to wait before it is sent; zero for now.</returns>
    public TimeSpan Take()
    {
        long now = time.GetTimestamp();
        _left = Math.Min(Most, _left + (time.GetElapsedTime(_at, now).TotalSeconds * PerSecond)) - 1;
        _at = now;
        return _left >= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(-_left / PerSecond);
    }
}
