using System;

namespace Stack.Cli;

/// <summary>Which of the last sequence numbers of a flow have come, to tell a packet from its duplicate.</summary>
internal sealed class SequenceWindow
{
    private const int Size = 4096;

    private readonly ulong[] _seen = new ulong[Size / 64];
    private long _highest = -1;

    /// <summary>Notes a number; false where it has come before, or is so old that nobody knows.</summary>
    public bool TryAdd(long sequence)
    {
        if (sequence > _highest)
        {
            Forget(sequence);
            _highest = sequence;
        }
        else if (_highest - sequence >= Size)
        {
            return false;
        }

        ref ulong word = ref _seen[(sequence / 64) % _seen.Length];
        ulong bit = 1UL << (int)(sequence % 64);
        bool isNew = (word & bit) == 0;
        word |= bit;
        return isNew;
    }

    private void Forget(long sequence)
    {
        if (sequence - _highest >= Size)
        {
            Array.Clear(_seen);
            return;
        }

        for (long old = _highest + 1; old <= sequence; old++)
        {
            _seen[(old / 64) % _seen.Length] &= ~(1UL << (int)(old % 64));
        }
    }
}
