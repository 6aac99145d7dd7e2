using System;
using System.Collections.Generic;
using System.Net;
using System.Threading;
using System.Threading.Tasks;

namespace Stack.Transport;

/// <summary>Tries several addresses of one server, each 250 ms after the one before or at once when that fails (RFC 8305 section 5).</summary>
internal static class ConnectionRace
{
    private static readonly TimeSpan AttemptDelay = TimeSpan.FromMilliseconds(250);

    public static async Task<StunConnection> RunAsync(
        IReadOnlyList<IPEndPoint> servers,
        Func<IPEndPoint, CancellationToken, Task<StunConnection>> open,
        TimeProvider timeProvider,
        CancellationToken cancellationToken)
    {
        using var losers = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = new List<Task<StunConnection>>();
        Exception? first = null;
        int next = 0;
        while (next < servers.Count || running.Count != 0)
        {
            if (next < servers.Count)
            {
                running.Add(open(servers[next++], losers.Token));
            }

            Task<StunConnection>? ended = await WaitAsync(running, next < servers.Count, timeProvider, cancellationToken).ConfigureAwait(false);
            if (ended is null)
            {
                continue;
            }

            running.Remove(ended);
            if (ended.IsCompletedSuccessfully)
            {
                await losers.CancelAsync().ConfigureAwait(false);
                await CloseAsync(running).ConfigureAwait(false);
                return await ended.ConfigureAwait(false);
            }

            first ??= ended.Exception?.InnerException ?? new OperationCanceledException(cancellationToken);
        }

        cancellationToken.ThrowIfCancellationRequested();
        System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(first!);
        return null!;
    }

    // Null where the time for the next attempt has come.
    private static async Task<Task<StunConnection>?> WaitAsync(
        List<Task<StunConnection>> running,
        bool more,
        TimeProvider timeProvider,
        CancellationToken cancellationToken)
    {
        Task<Task<StunConnection>> any = Task.WhenAny(running);
        if (!more)
        {
            return await any.ConfigureAwait(false);
        }

        try
        {
            return await any.WaitAsync(AttemptDelay, timeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return null;
        }
        catch (OperationCanceledException)
        {
            await CloseAsync(running).ConfigureAwait(false);
            throw;
        }
    }

    private static async Task CloseAsync(List<Task<StunConnection>> running)
    {
        foreach (Task<StunConnection> task in running)
        {
            try
            {
                StunConnection connection = await task.ConfigureAwait(false);
                await connection.DisposeAsync().ConfigureAwait(false);
            }
            catch (Exception error) when (error is OperationCanceledException or StunException)
            {
                // It lost; why does not matter.
            }
        }
    }
}
