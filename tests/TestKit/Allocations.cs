using System;

namespace Stack.TestKit;

/// <summary>Counts what a piece of code allocates on the calling thread.</summary>
public static class Allocations
{
    private const int WarmUps = 50;
    private const int Runs = 3;

    /// <summary>Runs an action until it is warm and then a few times more.</summary>
    /// <returns>
    /// The fewest bytes that one of the last runs allocated: the runtime allocates a little once when it compiles a method anew, while an action
    /// that allocates does so every time.
    /// </returns>
    public static long Measure(Action action)
    {
        for (int i = 0; i < WarmUps; i++)
        {
            action();
        }

        long fewest = long.MaxValue;
        for (int i = 0; i < Runs; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            action();
            fewest = Math.Min(fewest, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return fewest;
    }
}
