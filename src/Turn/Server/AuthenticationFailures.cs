using System;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>
/// Which sources have failed to authenticate too often lately. The table is fixed and its places are seeded per process: sources that fall into
/// one place share it, and nothing grows. A user name is never locked: that would let anybody lock out anybody.
/// </summary>
internal sealed class AuthenticationFailures
{
    private const int Places = 1 << 14;
    private const long Window = 10 * TimeSpan.TicksPerSecond;
    private const long Silence = 30 * TimeSpan.TicksPerSecond;

    private readonly Place[] _places = new Place[Places];

    // The system gives memory when it is written to: all of it now, so that no flood makes the process grow later.
    public AuthenticationFailures() => Array.Clear(_places);

    /// <summary>Whether a source must wait.</summary>
    public bool IsSilenced(TransportAddress source, Instant now) => now.Ticks < _places[GetPlace(source)].SilentUntil;

    /// <summary>Counts a failure.</summary>
    public void Count(TransportAddress source, int limit, Instant now)
    {
        ref Place place = ref _places[GetPlace(source)];
        if (place.Count == 0 || now.Ticks - place.WindowStart >= Window)
        {
            place.WindowStart = now.Ticks;
            place.Count = 0;
        }

        if (++place.Count >= limit)
        {
            place.Count = 0;
            place.SilentUntil = now.Ticks + Silence;
        }
    }

    private static int GetPlace(TransportAddress source) => HashCode.Combine(SourceNetwork.Of(source)) & (Places - 1);

    private struct Place
    {
        public long WindowStart;
        public long SilentUntil;
        public int Count;
    }
}
