namespace Stack.Fuzz.Sessions;

/// <summary>How a random session went.</summary>
public enum SessionOutcome
{
    /// <summary>A property does not hold.</summary>
    Violation,

    /// <summary>Connected without a relay.</summary>
    Direct,

    /// <summary>Connected by a relay; there is no other way, or none that is sure.</summary>
    Relayed,

    /// <summary>Connected by a relay though the reference says that it would go without.</summary>
    RelayedNeedlessly,

    /// <summary>Not connected, as the reference says.</summary>
    Impossible,

    /// <summary>Not connected, where the reference does not know.</summary>
    Unsure,

    /// <summary>Connected, and not again after what then happened, which need not be possible: candidates that are dead are not gathered anew.</summary>
    NotRecovered,

    /// <summary>Connected, but loss made the controlling agent nominate twice, and each side has selected another pair.</summary>
    Disagreed,

    /// <summary>Not connected because of loss: the same session without loss connects.</summary>
    Missed,
}
