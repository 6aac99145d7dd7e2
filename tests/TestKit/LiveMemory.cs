using System;
using System.Threading.Tasks;

namespace Stack.TestKit;

/// <summary>Measures what is alive on the heap of the whole process. Tests that use it run alone.</summary>
public static class LiveMemory
{
    private const int Attempts = 5;

    /// <summary>Bytes alive after full collections, without what waits for its finalizer.</summary>
    public static long Measure()
    {
        CollectAll();
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    /// <summary>Collects what nobody holds, and what its finalizers let go.</summary>
    public static void CollectAll()
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    /// <summary>Runs an action until the heap has grown by no more than <paramref name="most"/> bytes, five times at most.</summary>
    /// <returns>
    /// The least growth of a run, in bytes: the runtime and what earlier tests have left running take a little now and then, while an action
    /// that leaves something behind does so every time.
    /// </returns>
    public static async Task<long> LeastGrowthAsync(long most, Func<Task> action)
    {
        long least = long.MaxValue;
        for (int attempt = 0; attempt < Attempts && least > most; attempt++)
        {
            long before = Measure();
            await action();
            least = Math.Min(least, Measure() - before);
        }

        return least;
    }
}
