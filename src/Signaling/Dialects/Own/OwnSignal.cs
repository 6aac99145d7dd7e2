using System.Text.Json;

namespace Stack.Signaling;

/// <summary>A description or a candidate, to a peer or from one.</summary>
/// <param name="To">Whom it is for; 0 in what the server sends.</param>
/// <param name="From">Whom it is from; 0 in what a peer sends.</param>
/// <param name="Signal">What is said: a description or a candidate.</param>
public sealed record OwnSignal(int To, int From, PeerSignal Signal) : OwnMessage
{
    private protected override void Write(Utf8JsonWriter writer)
    {
        if (To != 0)
        {
            writer.WriteNumber("to"u8, To);
        }

        if (From != 0)
        {
            writer.WriteNumber("from"u8, From);
        }

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
    }
}
