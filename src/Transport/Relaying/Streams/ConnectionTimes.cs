using System;
using System.Threading;

namespace Stack.Transport;

/// <summary>The deadlines of one connection: for the next thing that its client must send, and for reading what it is sent.</summary>
internal sealed class ConnectionTimes : IDisposable
{
    private readonly ITimer _reading;
    private readonly ITimer _writing;
    private readonly TimeSpan _stall;

    /// <summary>Sets no deadline yet.</summary>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="stall">How long the client may leave unread what it is sent.</param>
    /// <param name="end">Called with the reason when a deadline has passed.</param>
    public ConnectionTimes(TimeProvider timeProvider, TimeSpan stall, Action<string> end)
    {
        _stall = stall;
        _reading = timeProvider.CreateTimer(_ => end("timed-out"), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _writing = timeProvider.CreateTimer(_ => end("stalled"), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Sets the deadline for what the client must send next; an infinite time for none.</summary>
    public void ExpectWithin(TimeSpan time) => _reading.Change(time, Timeout.InfiniteTimeSpan);

    /// <summary>Whether something waits to be read by the client.</summary>
    public void SetWaiting(bool waits) => _writing.Change(waits ? _stall : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    public void Dispose()
    {
        _reading.Dispose();
        _writing.Dispose();
    }
}
