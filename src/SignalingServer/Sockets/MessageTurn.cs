using System;
using System.Threading.Tasks;
using System.Threading.Tasks.Sources;

namespace Stack.Signaling.Server;

/// <summary>The wait of a reader for the loop: one message of a socket is with the loop at a time, so that nobody fills it.</summary>
internal sealed class MessageTurn : IValueTaskSource<TimeSpan>
{
    private ManualResetValueTaskSourceCore<TimeSpan> _core = new() { RunContinuationsAsynchronously = true };

    public ValueTask<TimeSpan> BeginAsync()
    {
        _core.Reset();
        return new ValueTask<TimeSpan>(this, _core.Version);
    }

    public void Complete(TimeSpan wait) => _core.SetResult(wait);

    TimeSpan IValueTaskSource<TimeSpan>.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<TimeSpan>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<TimeSpan>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        => _core.OnCompleted(continuation, state, token, flags);
}
