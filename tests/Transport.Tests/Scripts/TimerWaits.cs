using System.Threading.Tasks;
using Stack.TestKit;
using Xunit;

namespace Stack.Transport.Tests;

/// <summary>Waits for timers to go.</summary>
internal static class TimerWaits
{
    private const int MostLooks = 3000;

    /// <summary>
    /// Waits until no timer is armed: the runtime takes one back only after it has ended the wait that the timer was for. One that is forgotten stays.
    /// </summary>
    public static async Task WaitUntilNoneIsArmedAsync(this ManualTimeProvider time)
    {
        // Looks are counted, not seconds: those of a machine that stands still are no time to wait.
        for (int looks = 0; looks < MostLooks && time.ArmedTimers != 0; looks++)
        {
            await Task.Delay(10);
        }

        Assert.Equal(0, time.ArmedTimers);
    }
}
