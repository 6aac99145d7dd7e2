using System;
using System.Buffers;
using System.Collections.Generic;
using System.Threading.Tasks;
using System.Threading.Tasks.Sources;

namespace Stack.Transport;

/// <summary>
/// The frames that a connection hands to its loop at once. It waits for the outcome before it reads on, so that a loop never holds more than
/// one batch of each connection.
/// </summary>
internal sealed class FrameBatch(TurnStreamConnection connection) : IShardWork, IValueTaskSource<BatchOutcome>
{
    private readonly List<int> _lengths = [];
    private ManualResetValueTaskSourceCore<BatchOutcome> _completion = new() { RunContinuationsAsynchronously = true };
    private byte[] _bytes = [];
    private int _length;

    public bool IsEmpty => _lengths.Count == 0;

    public ReadOnlySpan<byte> First => _bytes.AsSpan(0, _lengths[0]);

    public void Add(in ReadOnlySequence<byte> frame)
    {
        int length = (int)frame.Length;
        Grow(_length + length);
        frame.CopyTo(_bytes.AsSpan(_length));
        _lengths.Add(length);
        _length += length;
    }

    /// <summary>Has the loop handle the frames; afterwards the batch is empty.</summary>
    public async ValueTask<BatchOutcome> RunAsync(RelayShard shard)
    {
        _completion.Reset();
        shard.Post(this);
        BatchOutcome outcome = await new ValueTask<BatchOutcome>(this, _completion.Version).ConfigureAwait(false);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        _length = 0;
        _lengths.Clear();
        return outcome;
    }

    public void Execute(RelayShard shard)
    {
        var outcome = BatchOutcome.Continue;
        try
        {
            int offset = 0;
            for (int i = 0; i < _lengths.Count && outcome == BatchOutcome.Continue; i++)
            {
                outcome = Handle(shard, _bytes.AsSpan(offset, _lengths[i]));
                offset += _lengths[i];
            }
        }
        finally
        {
            _completion.SetResult(outcome);
        }
    }

    public void Abandon() => _completion.SetResult(BatchOutcome.Abandoned);

    public BatchOutcome GetResult(short token) => _completion.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => _completion.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        => _completion.OnCompleted(continuation, state, token, flags);

    // A defect that one message brings to light does not bring the stream out of step.
    private BatchOutcome Handle(RelayShard shard, ReadOnlySpan<byte> frame)
    {
        try
        {
            return connection.Handle(shard, frame);
        }
        catch (Exception error)
        {
            shard.Fail(error);
            return BatchOutcome.Continue;
        }
    }

    private void Grow(int size)
    {
        if (size <= _bytes.Length)
        {
            return;
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(size, 2 * _length));
        _bytes.AsSpan(0, _length).CopyTo(larger);
        if (_bytes.Length != 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
        }

        _bytes = larger;
    }
}
