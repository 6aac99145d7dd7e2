using System;
using System.Threading;
using System.Threading.Tasks;

namespace Stack.Signaling.Server.Tests;

/// <summary>How long a test waits for what has to come. Nothing is judged by it: it only keeps a broken server from hanging the run.</summary>
internal static class Patience
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static Task<T> InTime<T>(this Task<T> task) => task.WaitAsync(Limit);

    public static Task InTime(this Task task) => task.WaitAsync(Limit);

    public static CancellationToken Token() => new CancellationTokenSource(Limit).Token;
}
