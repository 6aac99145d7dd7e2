using System.Text.Json;

namespace Stack.Signaling;

/// <summary>This process ends, and its peers are gone.</summary>
/// <param name="Process">The process.</param>
public sealed record SharedEnded(string Process) : SharedMessage(Process)
{
    private protected override string Kind => "ended";

    private protected override void Write(Utf8JsonWriter writer)
    {
    }
}
