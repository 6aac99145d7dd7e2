using System;

namespace Stack.Fuzz.Model;

/// <summary>A second's worth of bytes that fills up again at the rate; the last datagram may overdraw it.</summary>
internal sealed class ModelBucket(long bytesPerSecond)
{
    private long _missing;
    private long _at;

    public long BytesPerSecond { get; set; } = bytesPerSecond;

    public bool TryTake(int bytes, long now)
    {
        if (BytesPerSecond == 0)
        {
            return true;
        }

        _missing = Math.Max(0, _missing - (now - _at));
        _at = now;
        if (_missing >= TimeSpan.TicksPerSecond)
        {
            return false;
        }

        _missing += bytes * TimeSpan.TicksPerSecond / BytesPerSecond;
        return true;
    }
}
