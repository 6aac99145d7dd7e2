using System;

namespace Stack.TestKit;

/// <summary>Counts what a piece of code allocates on the calling thread.</summary>
public static class Allocations
{
    private const int WarmUps = 50;

    /// <summary>Runs an action until it is warm and then once more.</summary>
    /// <returns>The bytes that the last run allocated.</returns>
    public static long Measure(Action action)
    {
        for (int i = 0; i < WarmUps; i++)
        {
            action();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
