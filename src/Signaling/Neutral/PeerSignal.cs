namespace Stack.Signaling;

/// <summary>
/// What one peer tells another: a <see cref="DescriptionSignal"/>, a <see cref="CandidateSignal"/>, or a <see cref="VerbatimSignal"/>. There are no others.
/// </summary>
public abstract record PeerSignal
{
    private protected PeerSignal()
    {
    }

    /// <summary>The message in the words of the dialect in which it came, for receivers that speak the same; null where nothing would be lost.</summary>
    public DialectMembers? Original { get; init; }
}
