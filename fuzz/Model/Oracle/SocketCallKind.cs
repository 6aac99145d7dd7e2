namespace Stack.Fuzz.Model;

/// <summary>The calls.</summary>
internal enum SocketCallKind
{
    Open,
    Reserve,
    Claim,
    CancelReservation,
    Close,
}
