using System;

namespace Stack.Signaling;

/// <summary>
/// A message of the own dialect, in either direction: <see cref="OwnJoin"/>, <see cref="OwnJoined"/>, <see cref="OwnPeerCame"/>, <see cref="OwnGone"/>,
/// <see cref="OwnServersWanted"/>, <see cref="OwnServers"/>, <see cref="OwnSignal"/>, <see cref="OwnError"/> or <see cref="OwnLeave"/>. There are no others.
/// </summary>
public abstract record OwnMessage
{
    private protected OwnMessage()
    {
    }

    /// <summary>Reads a message. Never throws on what it reads; the size is the caller's to bound.</summary>
    /// <param name="utf8">The message in UTF-8.</param>
    /// <param name="message">The message; null unless the status is <see cref="MessageStatus.Ok"/>.</param>
    public static MessageStatus Parse(ReadOnlySpan<byte> utf8, out OwnMessage? message) => throw new NotImplementedException();

    /// <summary>The message in UTF-8.</summary>
    public byte[] ToUtf8() => throw new NotImplementedException();
}
