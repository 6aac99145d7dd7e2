using System;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>A TURN operation failed: <see cref="Exception.Message"/> says what was tried and heard, <see cref="Hint"/> what would help.</summary>
public sealed class TurnException : Exception
{
    /// <summary>Describes a failure.</summary>
    /// <param name="failure">Why.</param>
    /// <param name="message">What was tried and what was heard.</param>
    /// <param name="hint">What would help.</param>
    /// <param name="innerException">What the system said; null without.</param>
    public TurnException(TurnFailure failure, string message, string hint, Exception? innerException = null)
        : base(message, innerException)
    {
        Failure = failure;
        Hint = hint;
    }

    /// <summary>Why it failed.</summary>
    public TurnFailure Failure { get; }

    /// <summary>What the caller can do about it.</summary>
    public string Hint { get; }

    /// <summary>The code of the error response; null without one.</summary>
    public StunErrorCode? ErrorCode { get; init; }
}
