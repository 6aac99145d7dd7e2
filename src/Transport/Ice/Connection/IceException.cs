using System;

namespace Stack.Transport;

/// <summary>There is no connection: <see cref="Exception.Message"/> lists what was tried and what was heard, <see cref="Hint"/> what would help.</summary>
public sealed class IceException : Exception
{
    /// <summary>Describes a failure.</summary>
    /// <param name="failure">Why.</param>
    /// <param name="message">What was tried and what was heard.</param>
    /// <param name="hint">What would help.</param>
    /// <param name="innerException">What caused it; null without.</param>
    public IceException(IceFailure failure, string message, string hint, Exception? innerException = null)
        : base(message, innerException)
    {
        Failure = failure;
        Hint = hint;
    }

    /// <summary>Why.</summary>
    public IceFailure Failure { get; }

    /// <summary>What would help.</summary>
    public string Hint { get; }
}
