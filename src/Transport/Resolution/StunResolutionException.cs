using System;

namespace Stack.Transport;

/// <summary>No address of a server was found; the message says what was asked and what came back.</summary>
public sealed class StunResolutionException : Exception
{
    internal StunResolutionException(StunResolutionFailure failure, string host, string message, Exception? cause = null)
        : base(message, cause)
    {
        Failure = failure;
        Host = host;
    }

    /// <summary>The reason, for programs.</summary>
    public StunResolutionFailure Failure { get; }

    /// <summary>The host that was asked for.</summary>
    public string Host { get; }
}
