using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Stack.Transport;

/// <summary>Tries several addresses of one server, each 250 ms after the one before or at once when that fails (RFC 8305 section 5).</summary>
internal static class ConnectionRace
{
    private static readonly TimeSpan AttemptDelay = TimeSpan.FromMilliseconds(250);

    public static async Task<T> RunAsync<TServer, T>(
        IReadOnlyList<TServer> servers,
        Func<TServer, CancellationToken, Task<T>> open,
        TimeProvider timeProvider,
        CancellationToken cancellationToken,
        Func<TServer, TServer, TimeSpan>? pause = null)
        where T : class, IAsyncDisposable
    {
        using var losers = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = new List<Task<T>>();
        var order = new Dictionary<Task<T>, int>();
        int preferred = int.MaxValue;
        Exception? first = null;
        int next = 0;
        while (next < servers.Count || running.Count != 0)
        {
            if (next < servers.Count)
            {
                Task<T> attempt = open(servers[next], losers.Token);
                order[attempt] = next++;
                running.Add(attempt);
            }

            TimeSpan? delay = next == servers.Count ? null : pause?.Invoke(servers[next - 1], servers[next]) ?? AttemptDelay;
            Task<T>? ended = await WaitAsync(running, delay, timeProvider, cancellationToken).ConfigureAwait(false);
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

            if (order[ended] < preferred)
            {
                // What is told in the end is how the best address failed.
                preferred = order[ended];
                first = ended.Exception?.InnerException ?? new OperationCanceledException(cancellationToken);
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
        System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(first!);
        return null!;
    }

    // Null where the time for the next attempt has come.
    private static async Task<Task<T>?> WaitAsync<T>(
        List<Task<T>> running,
        TimeSpan? delay,
        TimeProvider timeProvider,
        CancellationToken cancellationToken)
        where T : class, IAsyncDisposable
    {
        Task<Task<T>> any = Task.WhenAny(running);
        if (delay is not { } patience)
        {
            return await any.ConfigureAwait(false);
        }

        try
        {
            return await any.WaitAsync(patience, timeProvider, cancellationToken).ConfigureAwait(false);
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

    private static async Task CloseAsync<T>(List<Task<T>> running)
        where T : class, IAsyncDisposable
    {
        foreach (Task<T> task in running)
        {
            try
            {
                T connection = await task.ConfigureAwait(false);
                await connection.DisposeAsync().ConfigureAwait(false);
            }
            catch (Exception error) when (error is OperationCanceledException or StunException or TurnException)
            {
                // It lost; why does not matter.
            }
        }
    }
}
