using System;

namespace Stack.Transport;

/// <summary>A call on the thread of a loop.</summary>
internal sealed class ShardCall(Action<RelayShard> call, Action? abandon = null) : IShardWork
{
    public void Execute(RelayShard shard) => call(shard);

    public void Abandon() => abandon?.Invoke();
}
