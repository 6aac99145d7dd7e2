using System;
using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using System.Threading.Tasks;

namespace Stack.Transport.Tests;

/// <summary>The exceptions that are thrown on any thread of the process, caught ones included. Tests that use it run alone.</summary>
internal static class ThrownAnywhere
{
    private const int Attempts = 5;

    /// <summary>Runs an action until nothing is thrown while it runs, five times at most.</summary>
    /// <returns>
    /// What was thrown in the last run, empty if nothing was. A test before this one may have left something that ends with an exception just now;
    /// an action that throws does so every time.
    /// </returns>
    public static async Task<string> LastRunAsync(Func<Task> action)
    {
        string text = "";
        for (int attempt = 0; attempt == 0 || (attempt < Attempts && text.Length > 0); attempt++)
        {
            text = string.Join('\n', await DuringAsync(action));
        }

        return text;
    }

    private static async Task<ConcurrentQueue<string>> DuringAsync(Func<Task> action)
    {
        var thrown = new ConcurrentQueue<string>();
        void OnThrown(object? sender, FirstChanceExceptionEventArgs e) => thrown.Enqueue(e.Exception.ToString());
        AppDomain.CurrentDomain.FirstChanceException += OnThrown;
        try
        {
            await action();
        }
        finally
        {
            AppDomain.CurrentDomain.FirstChanceException -= OnThrown;
        }

        return thrown;
    }
}
