using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Security.Cryptography;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>
/// The ports of one relay address and protocol. Drawn at random (RFC 6056, as RFC 8656 section 7.2 recommends); a freed one rests before it is
/// given out again, so that a peer's late datagrams do not reach the next client.
/// </summary>
internal sealed class RelayPortPool
{
    private const int WordBits = 64;

    private readonly ulong[] _taken = new ulong[65536 / WordBits];
    private readonly Queue<(int Port, Instant Until)> _resting = [];

    /// <summary>How many ports are given out; those that rest do not count.</summary>
    public int InUse { get; private set; }

    /// <summary>Takes a port in a range.</summary>
    /// <param name="first">The first port of the range.</param>
    /// <param name="last">The last one, inclusive.</param>
    /// <param name="pick">Which ports will do.</param>
    /// <param name="random">Randomness.</param>
    /// <param name="now">The time.</param>
    /// <param name="port">The port; of a pair, the even one.</param>
    /// <returns>False where none is free. One pass over the range at most.</returns>
    public bool TryTake(int first, int last, PortPick pick, RandomNumberGenerator random, Instant now, out int port)
    {
        Wake(now);
        int size = last - first + 1;
        int start = first + Draw(random, size);
        for (int i = 0; i < size; i++)
        {
            int candidate = start + i <= last ? start + i : start + i - size;

            // Whole words that are taken are stepped over, so that a full range costs little.
            if (_taken[candidate / WordBits] == ulong.MaxValue && candidate % WordBits == 0 && candidate + WordBits - 1 <= last)
            {
                i += WordBits - 1;
                continue;
            }

            if (Fits(candidate, last, pick))
            {
                Set(candidate);
                if (pick == PortPick.EvenPair)
                {
                    Set(candidate + 1);
                }

                port = candidate;
                return true;
            }
        }

        port = 0;
        return false;
    }

    /// <summary>Gives a port back.</summary>
    public void Return(int port, TimeSpan rest, Instant now)
    {
        InUse--;
        if (rest <= TimeSpan.Zero)
        {
            Clear(port);
        }
        else
        {
            _resting.Enqueue((port, now + rest));
        }
    }

    private static int Draw(RandomNumberGenerator random, int size)
    {
        Span<byte> bytes = stackalloc byte[8];
        random.GetBytes(bytes);
        return (int)(BinaryPrimitives.ReadUInt64BigEndian(bytes) % (ulong)size);
    }

    private bool Fits(int port, int last, PortPick pick) => IsFree(port) && pick switch
    {
        PortPick.Any => true,
        PortPick.Even => int.IsEvenInteger(port),
        _ => int.IsEvenInteger(port) && port < last && IsFree(port + 1),
    };

    private bool IsFree(int port) => (_taken[port / WordBits] & (1UL << (port % WordBits))) == 0;

    private void Set(int port)
    {
        _taken[port / WordBits] |= 1UL << (port % WordBits);
        InUse++;
    }

    private void Clear(int port) => _taken[port / WordBits] &= ~(1UL << (port % WordBits));

    private void Wake(Instant now)
    {
        while (_resting.TryPeek(out (int Port, Instant Until) first) && first.Until <= now)
        {
            Clear(first.Port);
            _resting.Dequeue();
        }
    }
}
