using System;

namespace Stack.Signaling;

/// <summary>A message of the lecture's dialect, in either direction.</summary>
/// <param name="To">Whom it is for, a number or a handle; null for all others, and in what the server sends.</param>
/// <param name="From">Whom it is from; 0 in what a peer sends.</param>
/// <param name="Signal">What is said. A <see cref="VerbatimSignal"/> where it is neither a description nor a candidate.</param>
public sealed record LectureMessage(string? To, int From, PeerSignal Signal)
{
    /// <summary>Reads a message. Never throws on what it reads; the size is the caller's to bound.</summary>
    /// <param name="utf8">The message in UTF-8.</param>
    /// <param name="message">The message; null unless the status is <see cref="MessageStatus.Ok"/>.</param>
    public static MessageStatus Parse(ReadOnlySpan<byte> utf8, out LectureMessage? message) => throw new NotImplementedException();

    /// <summary>The message in UTF-8; null for what this dialect has no words for.</summary>
    public byte[]? ToUtf8() => throw new NotImplementedException();
}
