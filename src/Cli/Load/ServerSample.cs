using System;
using System.Collections.Generic;

namespace Stack.Cli;

/// <summary>What the system knew of a process at one time.</summary>
/// <param name="Ticks">User and system time of all its threads, ended ones too, in the coarse steps of the system.</param>
/// <param name="Threads">The time that each living thread has run, to the nanosecond; null where the system does not tell.</param>
/// <param name="ResidentBytes">Its memory in RAM.</param>
internal sealed record ServerSample(TimeSpan Ticks, IReadOnlyDictionary<int, long>? Threads, long ResidentBytes)
{
    /// <summary>
    /// The processor time since an earlier sample: exact where no thread has ended in between, since an ended one takes its count along; otherwise
    /// in the system's steps.
    /// </summary>
    public TimeSpan Since(ServerSample earlier)
    {
        if (Threads is null || earlier.Threads is null)
        {
            return Ticks - earlier.Ticks;
        }

        long nanoseconds = 0;
        int known = 0;
        foreach ((int thread, long run) in Threads)
        {
            if (earlier.Threads.TryGetValue(thread, out long before))
            {
                known++;
                nanoseconds -= before;
            }

            nanoseconds += run;
        }

        return known == earlier.Threads.Count ? new TimeSpan(nanoseconds / TimeSpan.NanosecondsPerTick) : Ticks - earlier.Ticks;
    }
}
