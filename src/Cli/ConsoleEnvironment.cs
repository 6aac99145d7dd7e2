using System;

namespace Stack.Cli;

/// <summary>What a command knows of the process around it. The defaults are those of a script: no terminal, no variables.</summary>
internal sealed record ConsoleEnvironment
{
    public bool IsOutputTerminal { get; init; }

    public bool IsErrorTerminal { get; init; }

    public bool IsInputTerminal { get; init; }

    /// <summary>Whether the process runs as root.</summary>
    public bool IsPrivileged { get; init; }

    /// <summary>Reads an environment variable; null where it is not set.</summary>
    public Func<string, string?> GetVariable { get; init; } = static _ => null;

    /// <summary>Reads a key of the terminal without echo.</summary>
    public Func<ConsoleKeyInfo> ReadKey { get; init; } = static () => throw new InvalidOperationException("There is no terminal.");

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Whether escape sequences may be written to the answer (https://no-color.org, TERM=dumb).</summary>
    public bool AllowsEscapes => IsOutputTerminal && AllowsEscapesOnTerminal;

    /// <summary>The same for progress.</summary>
    public bool AllowsEscapesInProgress => IsErrorTerminal && AllowsEscapesOnTerminal;

    private bool AllowsEscapesOnTerminal =>
        string.IsNullOrEmpty(GetVariable("NO_COLOR")) && GetVariable("TERM") is not (null or "" or "dumb");
}
