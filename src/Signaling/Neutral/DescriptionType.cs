namespace Stack.Signaling;

/// <summary>What a session description is for (RFC 9429 section 4.1.10).</summary>
public enum DescriptionType
{
    /// <summary>Proposes a session.</summary>
    Offer,

    /// <summary>Accepts an offer.</summary>
    Answer,

    /// <summary>An answer that is not the last word.</summary>
    PrAnswer,

    /// <summary>Takes an offer back.</summary>
    Rollback,
}
