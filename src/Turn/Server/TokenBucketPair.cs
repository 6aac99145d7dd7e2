namespace Stack.Turn;

/// <summary>A bucket for each direction.</summary>
internal sealed class TokenBucketPair(long bytesPerSecond)
{
    public TokenBucket ToPeers { get; } = new(bytesPerSecond);

    public TokenBucket ToClient { get; } = new(bytesPerSecond);

    /// <summary>Zero for no limit.</summary>
    public long BytesPerSecond
    {
        set
        {
            ToPeers.BytesPerSecond = value;
            ToClient.BytesPerSecond = value;
        }
    }
}
