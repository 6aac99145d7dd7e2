using System.IO;

namespace Stack.Cli;

/// <summary>What every command gets.</summary>
/// <param name="Terminal">Where the answer and the progress go.</param>
/// <param name="Input">Standard input; stays the caller's.</param>
/// <param name="Environment">The process around.</param>
internal sealed record CommandContext(Terminal Terminal, Stream Input, ConsoleEnvironment Environment);
