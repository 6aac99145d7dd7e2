using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Stack.Ice;

namespace Stack.Transport;

/// <summary>
/// What the peer is to be told, from the beginning of the current session on, for any number of readers. A restart begins anew: who has not read the
/// old session to its end need not.
/// </summary>
internal sealed class LocalSignals
{
    private readonly Lock _gate = new();
    private readonly List<IceSignal> _signals = [];
    private TaskCompletionSource _changed = NewChange();
    private int _session;
    private bool _closed;
    private int _readers;

    /// <summary>Whether somebody reads: waits for what comes, or is busy with what came and will be back.</summary>
    public bool HasReaders => Volatile.Read(ref _readers) != 0;

    public void Restart(IceParameters parameters)
    {
        lock (_gate)
        {
            _signals.Clear();
            _session++;
            _signals.Add(IceSignal.FromParameters(parameters));
            Wake();
        }
    }

    public void Add(IceSignal signal)
    {
        lock (_gate)
        {
            _signals.Add(signal);
            Wake();
        }
    }

    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Wake();
        }
    }

    public async IAsyncEnumerable<IceSignal> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        int session = -1;
        int next = 0;
        Interlocked.Increment(ref _readers);
        try
        {
            while (true)
            {
                IceSignal? signal = null;
                Task changed;
                lock (_gate)
                {
                    if (session != _session)
                    {
                        (session, next) = (_session, 0);
                    }

                    signal = next < _signals.Count ? _signals[next++] : null;
                    if (signal is null && _closed)
                    {
                        yield break;
                    }

                    changed = _changed.Task;
                }

                if (signal is not null)
                {
                    yield return signal;
                }
                else
                {
                    await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            Interlocked.Decrement(ref _readers);
        }
    }

    /// <summary>Waits for the end of candidates and puts the session into one signal.</summary>
    public async Task<IceSignal> DescribeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_signals.Count != 0 && _signals[^1].Kind == IceSignalKind.EndOfCandidates)
                {
                    var candidates = new List<IceSignaledCandidate>();
                    foreach (IceSignal signal in _signals)
                    {
                        candidates.AddRange(signal.Candidates);
                    }

                    return IceSignal.Describe(_signals[0].Parameters! with { Trickles = false }, candidates);
                }

                System.ObjectDisposedException.ThrowIf(_closed, typeof(IceConnection));
                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static TaskCompletionSource NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Wake()
    {
        TaskCompletionSource changed = _changed;
        _changed = NewChange();
        changed.SetResult();
    }
}
