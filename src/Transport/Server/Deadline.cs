using System;
using System.Threading;

namespace Stack.Transport;

/// <summary>A token that is cancelled after a time, or when the server stops.</summary>
internal sealed class Deadline : IDisposable
{
    private readonly CancellationTokenSource _timeout;
    private readonly CancellationTokenSource _either;

    public Deadline(TimeSpan time, TimeProvider timeProvider, CancellationToken stopping)
    {
        _timeout = new CancellationTokenSource(time, timeProvider);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_timeout.Token, stopping);
    }

    public CancellationToken Token => _either.Token;

    public void Dispose()
    {
        _either.Dispose();
        _timeout.Dispose();
    }
}
