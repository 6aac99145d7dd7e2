namespace Stack.Turn;

/// <summary>What a client asks of the relayed port (RFC 8656 section 18.7).</summary>
public enum EvenPortRequest : byte
{
    /// <summary>Nothing: any port will do.</summary>
    None,

    /// <summary>An even port.</summary>
    Even,

    /// <summary>An even port, with the next one reserved for an allocation that shows the token.</summary>
    EvenAndReserveNext,
}
