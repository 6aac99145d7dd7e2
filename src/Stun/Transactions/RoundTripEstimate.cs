using System;

namespace Stack.Stun;

/// <summary>
/// The smoothed round-trip time of one server and the RTO that follows from it, as RFC 6298 section 2 computes them, without rounding up
/// to a second (RFC 8489 section 6.2.1).
/// </summary>
public struct RoundTripEstimate
{
    private TimeSpan _smoothed;
    private TimeSpan _variation;
    private bool _hasSample;

    /// <summary>The smoothed round-trip time; null before the first sample.</summary>
    public readonly TimeSpan? Smoothed => _hasSample ? _smoothed : null;

    /// <summary>Takes a measurement from a transaction without retransmissions (Karn's algorithm).</summary>
    /// <param name="roundTrip">The time from request to response; not negative.</param>
    public void AddSample(TimeSpan roundTrip)
    {
        if (!_hasSample)
        {
            _smoothed = roundTrip;
            _variation = roundTrip / 2;
            _hasSample = true;
            return;
        }

        // beta = 1/4 and alpha = 1/8 (RFC 6298 section 2.3).
        _variation = (_variation * 3 / 4) + ((_smoothed - roundTrip).Duration() / 4);
        _smoothed = (_smoothed * 7 / 8) + (roundTrip / 8);
    }

    /// <summary>The RTO for the next transaction.</summary>
    /// <param name="schedule">The schedule, for the RTO without a sample and the least one with it.</param>
    public readonly TimeSpan GetRto(RetransmissionSchedule schedule)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        if (!_hasSample)
        {
            return schedule.InitialRto;
        }

        // A clock of 1 ms granularity (RFC 6298 section 2.2, G), as RFC 8489 asks for 1 ms accuracy.
        TimeSpan four = _variation * 4;
        TimeSpan granularity = TimeSpan.FromMilliseconds(1);
        TimeSpan rto = _smoothed + (four > granularity ? four : granularity);
        TimeSpan least = schedule.MinMeasuredRto ?? schedule.InitialRto;
        TimeSpan most = TimeSpan.FromSeconds(60);
        return rto < least ? least : rto > most ? most : rto;
    }
}
