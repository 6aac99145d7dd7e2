using System.Text.Json;

namespace Stack.Signaling;

/// <summary>This process lives.</summary>
/// <param name="Process">The process.</param>
/// <param name="Revision">How many times its peers have changed: who counted otherwise has missed something and asks.</param>
public sealed record SharedAlive(string Process, long Revision) : SharedMessage(Process)
{
    private protected override string Kind => "alive";

    private protected override void Write(Utf8JsonWriter writer) => writer.WriteNumber("revision"u8, Revision);
}
