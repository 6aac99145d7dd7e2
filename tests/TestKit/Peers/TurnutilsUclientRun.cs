namespace Stack.TestKit;

/// <summary>What a run of <c>turnutils_uclient</c> came to.</summary>
/// <param name="Result">The process.</param>
/// <param name="Sent">Messages sent.</param>
/// <param name="Received">Messages received.</param>
/// <param name="NothingLost">Whether it says that nothing was lost.</param>
public sealed record TurnutilsUclientRun(ProcessResult Result, int Sent, int Received, bool NothingLost)
{
    /// <summary>Whether everything that was sent came back: the exit code alone would not tell.</summary>
    public bool Succeeded => Result.ExitCode == 0 && Sent > 0 && Sent == Received && NothingLost;
}
