using System;
using System.Collections.Generic;
using System.Threading.Tasks;

namespace Stack.Interop.Tests;

/// <summary>
/// DTLS of libdatachannel 0.24, and so of node-datachannel, fails to start in one of sixty connections (its issue 1632: SSL_ERROR_SYSCALL before
/// anything was sent). A test that waits for a channel between two of them tries again then, and only then: the programs say <c>dtls-failed</c>.
/// </summary>
internal static class FlawedDtls
{
    private const int Attempts = 3;

    public static async Task TryAgainAsync(Func<Task> attempt)
    {
        for (int left = Attempts; left > 1; left--)
        {
            try
            {
                await attempt();
                return;
            }
            catch (Exception error) when (error.Message.Contains("\"dtls-failed\"", StringComparison.Ordinal))
            {
                // The next one is as good as certain to get through.
            }
        }

        await attempt();
    }

    /// <summary>
    /// Waits for all, and no longer once one has failed: which of two programs says <c>dtls-failed</c> is chance, and the other one waits in vain.
    /// </summary>
    public static async Task AllAsync(params IEnumerable<Task> waits)
    {
        await foreach (Task wait in Task.WhenEach(waits))
        {
            await wait;
        }
    }
}
