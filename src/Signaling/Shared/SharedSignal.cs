using System.Text.Json;

namespace Stack.Signaling;

/// <summary>A peer of this process says something to one of another.</summary>
/// <param name="Process">The process.</param>
/// <param name="Session">The session.</param>
/// <param name="From">The number of who says it.</param>
/// <param name="To">The number of who it is for.</param>
/// <param name="Signal">What is said.</param>
/// <param name="ConnectionId">PeerJS: which of the connections between the two; null for others.</param>
/// <param name="ConnectionType">PeerJS: <c>data</c> or <c>media</c>; null for others.</param>
public sealed record SharedSignal(
    string Process,
    string Session,
    int From,
    int To,
    PeerSignal Signal,
    string? ConnectionId = null,
    string? ConnectionType = null) : SharedMessage(Process)
{
    private protected override string Kind => "signal";

    private protected override void Write(Utf8JsonWriter writer)
    {
        writer.WriteString("session"u8, Session);
        writer.WriteNumber("from"u8, From);
        writer.WriteNumber("to"u8, To);
        switch (Signal)
        {
            case DescriptionSignal said:
                SignalJson.Write(writer, "description", said.Description);
                break;
            case CandidateSignal said:
                SignalJson.Write(writer, "candidate", said.Candidate);
                break;
            default:
                break;
        }

        if (Signal.Original is { } original)
        {
            writer.WriteStartObject("original"u8);
            writer.WriteString("dialect"u8, Words.Of(original.Dialect));
            writer.WriteString("json"u8, original.Json);
            writer.WriteEndObject();
        }

        JsonText.WriteOptional(writer, "connectionId", ConnectionId);
        JsonText.WriteOptional(writer, "connectionType", ConnectionType);
    }
}
