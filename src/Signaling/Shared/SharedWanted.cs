using System.Text.Json;

namespace Stack.Signaling;

/// <summary>This process asks for the peers of another.</summary>
/// <param name="Process">The process.</param>
/// <param name="Target">The one that is asked; null for all.</param>
public sealed record SharedWanted(string Process, string? Target) : SharedMessage(Process)
{
    private protected override string Kind => "wanted";

    private protected override void Write(Utf8JsonWriter writer) => JsonText.WriteOptional(writer, "target", Target);
}
