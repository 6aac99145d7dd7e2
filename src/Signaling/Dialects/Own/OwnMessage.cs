using System;
using System.Text.Json;

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
    public static MessageStatus Parse(ReadOnlySpan<byte> utf8, out OwnMessage? message)
    {
        message = null;
        using JsonDocument? document = StrictJson.ParseObject(utf8);
        if (document is null)
        {
            return MessageStatus.Malformed;
        }

        var reader = new MemberReader();
        OwnMessage? read = OwnReading.Read(reader, document.RootElement);
        if (!reader.Ok)
        {
            return MessageStatus.Malformed;
        }

        message = read;
        return read is null ? MessageStatus.Unknown : MessageStatus.Ok;
    }

    /// <summary>The message in UTF-8.</summary>
    public byte[] ToUtf8() => JsonText.Object(Write);

    private protected abstract void Write(Utf8JsonWriter writer);
}
