using System;

namespace Stack.Cli;

/// <summary>Says how many packets may be sent now: what is due by the rate, or what the window has room for.</summary>
internal sealed class LoadPace
{
    // A sender that was held up does not make up for more seconds than this at once: what comes in one burst is not what comes at a rate.
    private const double LongestBacklog = 0.01;

    private static readonly TimeSpan Stall = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    private readonly LoadPlan _plan;
    private readonly TimeProvider _time;
    private double _due;
    private long _paid;
    private long _outstanding;
    private long _missing;
    private long _progress;

    public LoadPace(LoadPlan plan, TimeProvider time)
    {
        _plan = plan;
        _time = time;
        _paid = time.GetTimestamp();
        _progress = _paid;
    }

    /// <summary>Packets that may come yet, those that hold up nobody any more among them.</summary>
    public long Missing => _missing;

    /// <summary>How long to wait for something to come before asking again.</summary>
    public TimeSpan Wait => _plan.Rate is { } rate && _outstanding == 0
        ? TimeSpan.FromSeconds(Math.Max(Tick.TotalSeconds, (Portion - _due) / rate))
        : Tick;

    /// <summary>
    /// How many packets are worth sending for: at a rate, those of a millisecond leave together. Sent one by one as they fall due they would keep a
    /// processor busy, which is the server's to use.
    /// </summary>
    public long Portion => Math.Max(_plan.Run, (long)((_plan.Rate ?? 0) * Tick.TotalSeconds));

    /// <summary>How many packets may be sent now.</summary>
    public long GetAllowance()
    {
        long now = _time.GetTimestamp();
        if (_plan.Rate is { } rate)
        {
            _due = Math.Min(_due + (_time.GetElapsedTime(_paid, now).TotalSeconds * rate), Math.Max(_plan.Run, rate * LongestBacklog));
            _paid = now;
            return (long)_due;
        }

        if (_plan.Window == 0)
        {
            return _plan.Run;
        }

        // What has not come in all that time is likely lost and holds up nobody.
        if (_outstanding + _plan.Run > _plan.Window && _time.GetElapsedTime(_progress, now) > Stall)
        {
            _outstanding = 0;
            _progress = now;
        }

        return _plan.Window - _outstanding;
    }

    public void NoteSent(int packets)
    {
        _due -= packets;
        _outstanding += packets;
        _missing += packets;
    }

    /// <summary>What has not come by now does not come any more.</summary>
    public void ForgetMissing()
    {
        _outstanding = 0;
        _missing = 0;
        _due = 0;
        _paid = _time.GetTimestamp();
        _progress = _paid;
    }

    public void NoteArrived()
    {
        _outstanding = Math.Max(0, _outstanding - 1);
        _missing = Math.Max(0, _missing - 1);
        if (_plan.Rate is null)
        {
            _progress = _time.GetTimestamp();
        }
    }
}
