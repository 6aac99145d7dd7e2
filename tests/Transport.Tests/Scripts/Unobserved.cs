using System;
using System.Collections.Concurrent;
using System.Threading.Tasks;
using Stack.TestKit;

namespace Stack.Transport.Tests;

/// <summary>The exceptions of tasks that nobody looked at. Tests that use it run alone.</summary>
internal static class Unobserved
{
    private const int Attempts = 5;

    /// <summary>Runs an action until nothing becomes known to nobody while it runs, five times at most.</summary>
    /// <returns>
    /// What did in the last run, empty if nothing did. A task of a test before this one may end only now; an action that leaves something behind
    /// does so every time.
    /// </returns>
    public static async Task<string> LastRunAsync(Func<Task> action)
    {
        string text = "";
        for (int attempt = 0; attempt == 0 || (attempt < Attempts && text.Length > 0); attempt++)
        {
            text = await DuringAsync(action);
        }

        return text;
    }

    private static async Task<string> DuringAsync(Func<Task> action)
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
