namespace Stack.Transport;

/// <summary>How much a log record matters.</summary>
public enum ServerLogLevel : byte
{
    /// <summary>For those who look for a fault.</summary>
    Debug,

    /// <summary>What happens when all is well.</summary>
    Information,

    /// <summary>What the operator should look at.</summary>
    Warning,

    /// <summary>What the server could not do.</summary>
    Error,
}
