namespace Stack.Fuzz.Sessions;

/// <summary>Where the two agents meet.</summary>
public enum Meeting
{
    /// <summary>On the internet.</summary>
    Internet,

    /// <summary>Both are behind one NAT, on one network.</summary>
    SameLan,

    /// <summary>Each is behind a NAT of its own, and both of these behind one of a carrier.</summary>
    SharedCarrier,
}
