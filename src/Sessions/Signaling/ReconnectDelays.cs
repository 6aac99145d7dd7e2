using System;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Stack.Sessions;

/// <summary>
/// The times between attempts: a random one of up to 0.5 s, doubled each time up to 30 s (full jitter), so that the clients of a server that comes back
/// are spread over the whole of it.
/// </summary>
internal sealed class ReconnectDelays(RandomNumberGenerator random)
{
    public static readonly TimeSpan First = TimeSpan.FromSeconds(0.5);

    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private TimeSpan _most = First;

    /// <summary>How long to wait now.</summary>
    public TimeSpan Next()
    {
        Span<byte> bits = stackalloc byte[8];
        random.GetBytes(bits);
        double share = (BinaryPrimitives.ReadUInt64LittleEndian(bits) >> 11) * (1.0 / (1UL << 53));
        TimeSpan delay = _most * share;
        _most = _most * 2 < Longest ? _most * 2 : Longest;
        return delay;
    }

    /// <summary>It worked: the next time begins anew.</summary>
    public void Reset() => _most = First;
}
