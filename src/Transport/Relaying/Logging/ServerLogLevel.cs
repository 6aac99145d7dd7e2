namespace Stack.Transport;

/// <summary>How much a log record matters.</summary>
public enum ServerLogLevel : byte
{
    /// <summary>Only of use to find a defect.</summary>
    Debug,

    /// <summary>What happens in the ordinary course: allocations come and go.</summary>
    Information,

    /// <summary>Something that an operator may want to change.</summary>
    Warning,

    /// <summary>Something that the server should do and cannot.</summary>
    Error,
}
