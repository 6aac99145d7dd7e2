using System;

namespace Stack.Signaling;

/// <summary>A message of libdatachannel's and node-datachannel's examples, in either direction.</summary>
/// <param name="Id">Whom it is for in what a peer sends, whom it is from in what the server sends.</param>
/// <param name="Signal">What is said. A <see cref="VerbatimSignal"/> where it is neither a description nor a candidate.</param>
public sealed record LibDataChannelMessage(string Id, PeerSignal Signal)
{
    /// <summary>Reads a message. Never throws on what it reads; the size is the caller's to bound.</summary>
    /// <param name="utf8">The message in UTF-8.</param>
    /// <param name="message">The message; null unless the status is <see cref="MessageStatus.Ok"/>.</param>
    public static MessageStatus Parse(ReadOnlySpan<byte> utf8, out LibDataChannelMessage? message) => throw new NotImplementedException();

    /// <summary>
    /// The message in UTF-8; null for what this dialect has no words for: the end of candidates, and what was said verbatim in another one.
    /// </summary>
    public byte[]? ToUtf8() => throw new NotImplementedException();
}
