using System.Text.Json;

namespace Stack.Signaling;

/// <summary>A peer of this process is gone.</summary>
/// <param name="Process">The process.</param>
/// <param name="Revision">How many times the process's peers have changed, this change included.</param>
/// <param name="Session">The session.</param>
/// <param name="Id">The peer's number.</param>
/// <param name="Lost">Whether the process lost it; false where it left.</param>
public sealed record SharedGone(string Process, long Revision, string Session, int Id, bool Lost = false) : SharedMessage(Process)
{
    private protected override string Kind => "gone";

    private protected override void Write(Utf8JsonWriter writer)
    {
        writer.WriteNumber("revision"u8, Revision);
        writer.WriteString("session"u8, Session);
        writer.WriteNumber("id"u8, Id);
        if (Lost)
        {
            writer.WriteBoolean("lost"u8, true);
        }
    }
}
