namespace Stack.Turn;

/// <summary>The 8 bytes of a RESERVATION-TOKEN as one number (RFC 8656 section 18.10).</summary>
/// <param name="Value">Any value.</param>
public readonly record struct ReservationToken(ulong Value)
{
    internal const int Size = 8;
}
