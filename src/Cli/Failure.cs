namespace Stack.Cli;

/// <summary>A failure as the user is told: what failed, and what to try next.</summary>
/// <param name="ExitCode">What the process ends with.</param>
/// <param name="Code">The word of the exit code in JSON, such as <c>timeout</c>.</param>
/// <param name="Message">What was tried and what was heard.</param>
/// <param name="Hint">What to try next.</param>
/// <param name="Reason">The cause, finer than the code, such as <c>tls-failed</c>; null where the code says it all.</param>
internal sealed record Failure(ExitCode ExitCode, string Code, string Message, string Hint, string? Reason = null)
{
    public static Failure Usage(string message, string hint) => new(ExitCode.Usage, "usage", message, hint);

    public static Failure Timeout(string message, string hint) => new(ExitCode.NoAnswer, "timeout", message, hint);
}
