namespace Stack.Transport;

/// <summary>Something that other threads have the thread of a loop do.</summary>
internal interface IShardWork
{
    /// <summary>Does it, on the thread of the loop.</summary>
    void Execute(RelayShard shard);

    /// <summary>The loop has ended: it will never be done. On any thread, in place of <see cref="Execute"/>.</summary>
    void Abandon();
}
