using System;

namespace Stack.Cli;

/// <summary>Ends a command with a failure that is already in the user's words.</summary>
internal sealed class CommandException(Failure failure) : Exception(failure.Message)
{
    public Failure Failure { get; } = failure;

    public static CommandException Usage(string message, string hint) => new(Failure.Usage(message, hint));
}
