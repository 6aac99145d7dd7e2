using System;

namespace Stack.Turn;

/// <summary>The lifetime that a server grants (RFC 8656 sections 7.2 and 8.2).</summary>
internal static class GrantedLifetime
{
    public static TimeSpan For(uint? requestedSeconds, TurnServerLimits limits)
    {
        if (requestedSeconds is not { } seconds)
        {
            return limits.DefaultLifetime;
        }

        TimeSpan requested = TimeSpan.FromSeconds(seconds);
        TimeSpan capped = requested < limits.MaxLifetime ? requested : limits.MaxLifetime;
        return capped > limits.DefaultLifetime ? capped : limits.DefaultLifetime;
    }
}
