using System;

namespace Stack.Sessions;

/// <summary>The signaling server cannot be used: <see cref="Exception.Message"/> says what was tried and heard, <see cref="Hint"/> what would help.</summary>
public sealed class SignalingException : Exception
{
    /// <summary>Describes a failure.</summary>
    /// <param name="failure">Why.</param>
    /// <param name="message">What was tried and what was heard.</param>
    /// <param name="hint">What would help.</param>
    /// <param name="innerException">What caused it; null without.</param>
    public SignalingException(SignalingFailure failure, string message, string hint, Exception? innerException = null)
        : base(message, innerException)
    {
        Failure = failure;
        Hint = hint;
    }

    /// <summary>Why.</summary>
    public SignalingFailure Failure { get; }

    /// <summary>What would help.</summary>
    public string Hint { get; }

    /// <summary>How long the server asks to wait before the next attempt; null where it does not.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
