using System.Collections.Generic;
using System.Linq;

namespace Stack.TestKit;

/// <summary>What a program printed and how it ended.</summary>
/// <param name="Command">The command line, for messages.</param>
/// <param name="ExitCode">The exit code; -1 when it was killed at its deadline.</param>
/// <param name="TimedOut">Whether it was still running at its deadline.</param>
/// <param name="OutputLines">Standard output, up to the end or to the deadline.</param>
/// <param name="ErrorLines">Standard error, likewise.</param>
public sealed record ProcessResult(
    string Command,
    int ExitCode,
    bool TimedOut,
    IReadOnlyList<string> OutputLines,
    IReadOnlyList<string> ErrorLines)
{
    /// <summary>Standard output as one text.</summary>
    public string Output => string.Join('\n', OutputLines);

    /// <summary>Standard error as one text.</summary>
    public string Error => string.Join('\n', ErrorLines);

    /// <summary>Everything that a failing test should show.</summary>
    public override string ToString() =>
        string.Join('\n', new[] { $"$ {Command}" }
            .Concat(OutputLines)
            .Concat(ErrorLines.Select(line => "! " + line))
            .Append(TimedOut ? "killed at its deadline" : $"exit code {ExitCode}"));
}
