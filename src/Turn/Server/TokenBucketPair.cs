using Stack.Stun;

namespace Stack.Turn;

/// <summary>A bucket for each direction.</summary>
internal sealed class TokenBucketPair(long bytesPerSecond)
{
    private TokenBucket _toPeers = new(bytesPerSecond);
    private TokenBucket _toClient = new(bytesPerSecond);

    /// <summary>Zero for no limit.</summary>
    public long BytesPerSecond
    {
        set
        {
            _toPeers.SetRate(value);
            _toClient.SetRate(value);
        }
    }

    public bool TryTakeToPeers(int bytes, Instant now) => _toPeers.TryTake(bytes, now);

    public bool TryTakeToClient(int bytes, Instant now) => _toClient.TryTake(bytes, now);
}
