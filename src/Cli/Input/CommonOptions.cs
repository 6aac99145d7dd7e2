using System;
using System.CommandLine;
using System.CommandLine.Parsing;

namespace Stack.Cli;

/// <summary>The options that every command has.</summary>
internal sealed class CommonOptions
{
    public CommonOptions(string timeoutDescription)
    {
        Timeout = new Option<TimeSpan?>("--timeout") { Description = timeoutDescription, HelpName = "S", CustomParser = DurationText.ParsePositive };
    }

    public Option<bool> Json { get; } = new("--json") { Description = "Print the answer as JSON, one object a line." };

    public Option<TimeSpan?> Timeout { get; }

    public Option<bool> Verbose { get; } = new("--verbose", "-v") { Description = "Show each message, decoded, on standard error." };

    public void AddTo(Command command)
    {
        command.Add(Json);
        command.Add(Timeout);
        command.Add(Verbose);
    }

    /// <summary>An argument that begins with a hyphen is an option that does not exist.</summary>
    public static void RefuseOptions(ArgumentResult result)
    {
        foreach (Token token in result.Tokens)
        {
            if (token.Value.Length > 1 && token.Value[0] == '-')
            {
                result.AddError($"Unknown option {token.Value}.");
            }
        }
    }
}
