using System;
using System.Collections.Concurrent;
using System.Threading.Tasks;
using Stack.TestKit;

namespace Stack.Transport.Tests;

/// <summary>The exceptions of tasks that nobody looked at. Tests that use it run alone.</summary>
internal static class Unobserved
{
    /// <returns>What became known to nobody while an action ran, empty if nothing did.</returns>
    public static async Task<string> DuringAsync(Func<Task> action)
    {
        LiveMemory.CollectAll();
        var unobserved = new ConcurrentQueue<string>();
        void OnUnobserved(object? sender, UnobservedTaskExceptionEventArgs e) => unobserved.Enqueue(e.Exception.ToString());
        TaskScheduler.UnobservedTaskException += OnUnobserved;
        try
        {
            await action();
            LiveMemory.CollectAll();
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= OnUnobserved;
        }

        return string.Join('\n', unobserved);
    }
}
