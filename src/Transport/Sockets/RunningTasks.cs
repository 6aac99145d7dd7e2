using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Stack.Transport;

/// <summary>The tasks that somebody must wait for before it is gone. Holds none that has ended.</summary>
internal sealed class RunningTasks
{
    private readonly Lock _gate = new();
    private readonly HashSet<Task> _tasks = [];

    public void Add(Task task)
    {
        lock (_gate)
        {
            _tasks.Add(task);
        }

        _ = task.ContinueWith(
            ended =>
            {
                lock (_gate)
                {
                    _tasks.Remove(ended);
                }
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    /// <summary>Ends when all have ended that were added before.</summary>
    public Task WaitAsync()
    {
        Task[] tasks;
        lock (_gate)
        {
            tasks = [.. _tasks];
        }

        return Task.WhenAll(tasks);
    }
}
