using System.Text.Json;

namespace Stack.Signaling;

/// <summary>The end of a snapshot: sessions of this process that were not told since the one before are over.</summary>
/// <param name="Process">The process.</param>
/// <param name="Revision">How many times its peers had changed.</param>
/// <param name="Sessions">How many sessions were told.</param>
public sealed record SharedSnapshot(string Process, long Revision, int Sessions) : SharedMessage(Process)
{
    private protected override string Kind => "snapshot";

    private protected override void Write(Utf8JsonWriter writer)
    {
        writer.WriteNumber("revision"u8, Revision);
        writer.WriteNumber("sessions"u8, Sessions);
    }
}
