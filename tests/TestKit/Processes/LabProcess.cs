using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace Stack.TestKit;

/// <summary>A program under the eye of a test: its lines are kept, its end is awaitable, and disposing kills it and its children.</summary>
/// <remarks>Safe to use from several threads.</remarks>
public sealed class LabProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task _pumps;
    private readonly Lock _gate = new();
    private readonly List<string> _output = [];
    private readonly List<string> _error = [];
    private TaskCompletionSource _changed = NewSignal();
    private bool _ended;

    private LabProcess(Process process, string command)
    {
        _process = process;
        Command = command;
        _pumps = PumpAsync();
    }

    /// <summary>The command line, for messages.</summary>
    public string Command { get; }

    /// <summary>The process id, valid until this is disposed.</summary>
    public int Id => _process.Id;

    /// <summary>The program's standard input; stays open until closed or disposed.</summary>
    public StreamWriter Input => _process.StandardInput;

    /// <summary>A copy of the lines printed so far to standard output.</summary>
    public IReadOnlyList<string> OutputLines => Snapshot(_output);

    /// <summary>A copy of the lines printed so far to standard error.</summary>
    public IReadOnlyList<string> ErrorLines => Snapshot(_error);

    /// <summary>Starts a program. One that cannot be started ends at once, with 126 or 127.</summary>
    /// <param name="file">A path, or a name found on PATH.</param>
    /// <param name="arguments">Its arguments; never seen by a shell.</param>
    /// <param name="environment">Variables to add to this process's own, or null.</param>
    public static LabProcess Start(
        string file,
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        // Who runs the tests in the background, or by nohup, ignores these, and what is ignored is inherited: a test that sends one waited in vain.
        ProcessStartInfo start = new("env", ["--default-signal=HUP,INT,QUIT,TERM", "--", file, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return new LabProcess(Process.Start(start)!, string.Join(' ', arguments.Prepend(file)));
    }

    /// <summary>Waits for a line, on either stream and printed before or after this call, that contains a text.</summary>
    /// <returns>The first such line.</returns>
    /// <exception cref="InvalidOperationException">The program ended, or the time passed, without it; the message holds all it
    /// printed.</exception>
    public Task<string> WaitForLineAsync(string text, TimeSpan timeout) =>
        WaitForLineAsync(line => line.Contains(text, StringComparison.Ordinal), $"'{text}'", timeout);

    /// <summary>Waits for a line, on either stream and printed before or after this call, that satisfies a condition.</summary>
    /// <param name="matches">The condition.</param>
    /// <param name="what">What is awaited, for the message.</param>
    /// <param name="timeout">How long to wait.</param>
    /// <returns>The first such line, standard output searched first.</returns>
    /// <exception cref="InvalidOperationException">The program ended, or the time passed, without it; the message holds all it
    /// printed.</exception>
    public async Task<string> WaitForLineAsync(Func<string, bool> matches, string what, TimeSpan timeout)
    {
        using CancellationTokenSource deadline = new(timeout);
        while (true)
        {
            Task changed;
            bool ended;
            lock (_gate)
            {
                if (_output.Concat(_error).FirstOrDefault(matches) is string found)
                {
                    return found;
                }

                changed = _changed.Task;
                ended = _ended;
            }

            if (ended)
            {
                throw new InvalidOperationException($"The program ended without {what}.\n{Result(timedOut: false)}");
            }

            try
            {
                await changed.WaitAsync(deadline.Token);
            }
            catch (OperationCanceledException passed)
            {
                throw new InvalidOperationException($"No {what} within {timeout}.\n{Result(timedOut: true)}", passed);
            }
        }
    }

    /// <summary>Waits for the program's end and kills it, children included, when it is not over in time.</summary>
    public async Task<ProcessResult> WaitForExitAsync(TimeSpan timeout)
    {
        using CancellationTokenSource deadline = new(timeout);
        bool timedOut = false;
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            timedOut = true;
            Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        await _pumps;
        return Result(timedOut);
    }

    /// <summary>Ends the program and its children at once.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }

    /// <summary>Kills the program if it still runs and waits until it is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        await _pumps;
        _process.Dispose();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task PumpAsync()
    {
        await Task.WhenAll(PumpAsync(_process.StandardOutput, _output), PumpAsync(_process.StandardError, _error));
        lock (_gate)
        {
            _ended = true;
            _changed.TrySetResult();
        }
    }

    private async Task PumpAsync(StreamReader reader, List<string> lines)
    {
        while (await reader.ReadLineAsync() is string line)
        {
            lock (_gate)
            {
                lines.Add(line);
                _changed.TrySetResult();
                _changed = NewSignal();
            }
        }
    }

    private string[] Snapshot(List<string> lines)
    {
        lock (_gate)
        {
            return [.. lines];
        }
    }

    private ProcessResult Result(bool timedOut) => new(
        Command,
        timedOut || !_process.HasExited ? -1 : _process.ExitCode,
        timedOut,
        OutputLines,
        ErrorLines);
}
