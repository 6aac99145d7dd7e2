using System;
using System.IO;
using System.Threading;
using Spectre.Console;

namespace Stack.Cli;

/// <summary>
/// The two streams of a command: the answer, and the progress and errors. Every line is escaped. Safe for concurrent use, since traces come
/// from other threads.
/// </summary>
internal sealed class Terminal(TextWriter answer, TextWriter progress, ConsoleEnvironment environment)
{
    private const int NameWidth = 16;
    private const string Bold = "\u001b[1m";
    private const string Dim = "\u001b[2m";
    private const string Red = "\u001b[31m";
    private const string Plain = "\u001b[0m";

    private readonly Lock _gate = new();

    /// <summary>Whether a line of the answer may be drawn over.</summary>
    public bool IsLive => environment.AllowsEscapes;

    /// <summary>Whether somebody watches the progress.</summary>
    public bool IsWatched => environment.IsErrorTerminal;

    /// <summary>A line of the answer.</summary>
    public void Line(string text) => WriteAnswer(SafeText.Escape(text));

    /// <summary>A fact of the answer.</summary>
    public void Fact(string name, string value)
    {
        string padded = name.PadRight(NameWidth);
        string safe = SafeText.Escape(value);
        WriteAnswer(environment.AllowsEscapes ? $"{Dim}{padded}{Plain}{safe}" : padded + safe);
    }

    /// <summary>A headline of the answer.</summary>
    public void Headline(string text)
    {
        string safe = SafeText.Escape(text);
        WriteAnswer(environment.AllowsEscapes ? $"{Bold}{safe}{Plain}" : safe);
    }

    /// <summary>A line that is safe already: JSON.</summary>
    public void Raw(string line) => WriteAnswer(line);

    /// <summary>A line of progress, or a warning. Where nobody can read it any more, nothing happens.</summary>
    public void Progress(string text) => WriteProgress(SafeText.Escape(text));

    /// <summary>The progress as a stream, for lines that are safe already. Closing it closes nothing.</summary>
    public Stream OpenErrors() => new ProgressStream(WriteProgress);

    /// <summary>A failure: one line, and what to try next.</summary>
    public void Fail(string command, Failure failure)
    {
        string name = command.Length == 0 ? "stackcli" : $"stackcli {command}";
        string who = SafeText.Escape(name);
        WriteProgress($"{(environment.AllowsEscapesInProgress ? $"{Red}{who}{Plain}" : who)}: {SafeText.Escape(failure.Message)}");
        WriteProgress($"hint: {SafeText.Escape(failure.Hint)}");
    }

    /// <summary>A console of Spectre for live displays; only where <see cref="IsLive"/>.</summary>
    public IAnsiConsole CreateLiveConsole() => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = AnsiSupport.Yes,
        ColorSystem = ColorSystemSupport.Standard,
        Interactive = InteractionSupport.Yes,
        Out = new AnsiConsoleOutput(answer),
    });

    private void WriteAnswer(string line)
    {
        lock (_gate)
        {
            try
            {
                answer.Write(line);
                answer.Write('\n');
                answer.Flush();
            }
            catch (IOException error)
            {
                throw new OutputClosedException(error);
            }
        }
    }

    private void WriteProgress(string line)
    {
        lock (_gate)
        {
            try
            {
                progress.Write(line);
                progress.Write('\n');
                progress.Flush();
            }
            catch (Exception error) when (error is IOException or ObjectDisposedException)
            {
                // Nobody is left to be told.
            }
        }
    }
}
