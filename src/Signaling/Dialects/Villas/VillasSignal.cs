namespace Stack.Signaling;

/// <summary>A description or a candidate, to all others of the session or from one of them.</summary>
/// <param name="Signal">What is said: a description or a candidate. The end of candidates has no words of its own here and VILLASnode throws at it: it is not sent.</param>
public sealed record VillasSignal(PeerSignal Signal) : VillasMessage
{
    private protected override void Write(GoJson json)
    {
        switch (Signal)
        {
            case DescriptionSignal { Description: { } description }:
                json.Open("description", '{').Member("spd", description.Sdp).Member("type", Words.Of(description.Type)).Close('}');
                break;
            case CandidateSignal { Candidate: { } candidate }:
                json.Open("candidate", '{').Member("spd", candidate.Line).Member("mid", SignalJson.MidOf(candidate)).Close('}');
                break;
            default:
                break;
        }
    }
}
