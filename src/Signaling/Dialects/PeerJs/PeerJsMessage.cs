using System;

namespace Stack.Signaling;

/// <summary>A message of PeerJS, in either direction.</summary>
/// <param name="Type">OPEN, ID-TAKEN, ERROR, EXPIRE, LEAVE, HEARTBEAT, OFFER, ANSWER, CANDIDATE.</param>
/// <param name="Source">Whom it is from; null in what a peer sends, and in what is the server's own.</param>
/// <param name="Destination">Whom it is for; null for the server's own and for the server.</param>
/// <param name="Signal">What OFFER, ANSWER and CANDIDATE say; a <see cref="VerbatimSignal"/> where their payload is something else; null for the others.</param>
/// <param name="ConnectionId">Which of the connections between the two it belongs to; null where it was not told.</param>
/// <param name="ConnectionType"><c>data</c> or <c>media</c>; null where it was not told.</param>
public sealed record PeerJsMessage(
    string Type,
    string? Source = null,
    string? Destination = null,
    PeerSignal? Signal = null,
    string? ConnectionId = null,
    string? ConnectionType = null)
{
    /// <summary>The text of ERROR and ID-TAKEN; null for others.</summary>
    public string? Text { get; init; }

    /// <summary>Reads a message. Never throws on what it reads; the size is the caller's to bound.</summary>
    /// <param name="utf8">The message in UTF-8.</param>
    /// <param name="message">The message; null unless the status is <see cref="MessageStatus.Ok"/>.</param>
    public static MessageStatus Parse(ReadOnlySpan<byte> utf8, out PeerJsMessage? message) => throw new NotImplementedException();

    /// <summary>The message in UTF-8; null for what this dialect has no words for.</summary>
    public byte[]? ToUtf8() => throw new NotImplementedException();
}
