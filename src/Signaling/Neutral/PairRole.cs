namespace Stack.Signaling;

/// <summary>What one peer does towards another.</summary>
public enum PairRole
{
    /// <summary>Nothing: there is no connection between them, or the other one calls when it likes.</summary>
    None,

    /// <summary>Makes the offer.</summary>
    Offer,

    /// <summary>Waits for the offer and answers it.</summary>
    Answer,
}
