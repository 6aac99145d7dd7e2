using System;
using System.Runtime.ExceptionServices;

namespace Stack.TestKit;

/// <summary>Counts the exceptions that are thrown on the calling thread, caught ones included, until it is disposed.</summary>
public sealed class FirstChanceExceptions : IDisposable
{
    private readonly int _thread = Environment.CurrentManagedThreadId;

    public FirstChanceExceptions() => AppDomain.CurrentDomain.FirstChanceException += Count;

    public int Total { get; private set; }

    public Exception? First { get; private set; }

    public void Dispose() => AppDomain.CurrentDomain.FirstChanceException -= Count;

    private void Count(object? sender, FirstChanceExceptionEventArgs e)
    {
        if (Environment.CurrentManagedThreadId == _thread)
        {
            Total++;
            First ??= e.Exception;
        }
    }
}
