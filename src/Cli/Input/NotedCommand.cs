using System.CommandLine;

namespace Stack.Cli;

/// <summary>A command whose own help page says more than its line in the list of commands.</summary>
internal sealed class NotedCommand(string name, string description, string notes) : Command(name, description)
{
    public string Notes { get; } = notes;
}
