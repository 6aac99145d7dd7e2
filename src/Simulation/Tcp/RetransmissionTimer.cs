using System;
using Stack.Stun;

namespace Stack.Simulation;

/// <summary>The retransmission timeout of a connection (RFC 6298), with a least value of 200 ms as operating systems have it.</summary>
internal sealed class RetransmissionTimer(VirtualTimer timer)
{
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(60);

    private TimeSpan _rto = TimeSpan.FromSeconds(1);
    private TimeSpan _deviation;

    public TimeSpan? RoundTripTime { get; private set; }

    /// <summary>How often it has elapsed since there was progress.</summary>
    public int Attempts { get; private set; }

    public void Start(Instant now) => timer.Due = now + _rto;

    public void Stop() => timer.Due = null;

    public void BackOff(Instant now)
    {
        Attempts++;
        _rto = _rto * 2 < Most ? _rto * 2 : Most;
        Start(now);
    }

    public void NoteProgress()
    {
        Attempts = 0;
        if (RoundTripTime is { } smoothed)
        {
            _rto = Bound(smoothed + (_deviation * 4));
        }
    }

    public void Measure(TimeSpan sample)
    {
        if (RoundTripTime is { } smoothed)
        {
            _deviation = (_deviation * 0.75) + ((smoothed - sample).Duration() * 0.25);
            RoundTripTime = (smoothed * 0.875) + (sample * 0.125);
        }
        else
        {
            RoundTripTime = sample;
            _deviation = sample / 2;
        }

        _rto = Bound(RoundTripTime.Value + (_deviation * 4));
    }

    private static TimeSpan Bound(TimeSpan value) => value < Least ? Least : value > Most ? Most : value;
}
