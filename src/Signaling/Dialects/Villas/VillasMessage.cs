using System;
using System.Text.Json;

namespace Stack.Signaling;

/// <summary>
/// A message of VILLASnode's dialect, in either direction: <see cref="VillasSignals"/>, <see cref="VillasServers"/>, <see cref="VillasControl"/> or
/// <see cref="VillasSignal"/>. There are no others.
/// </summary>
/// <remarks>
/// Read are both the present words (<c>spd</c>, <c>peer_id</c>, <c>peers</c>) and the old ones (<c>sdp</c>, <c>connection_id</c>, <c>connections</c>); written are the present ones.
/// </remarks>
public abstract record VillasMessage
{
    private protected VillasMessage()
    {
    }

    /// <summary>Reads a message. Never throws on what it reads; the size is the caller's to bound.</summary>
    /// <param name="utf8">The message in UTF-8.</param>
    /// <param name="message">The message; null unless the status is <see cref="MessageStatus.Ok"/>.</param>
    public static MessageStatus Parse(ReadOnlySpan<byte> utf8, out VillasMessage? message)
    {
        message = null;
        using JsonDocument? document = StrictJson.ParseObject(utf8);
        if (document is null)
        {
            return MessageStatus.Malformed;
        }

        var reader = new MemberReader();
        VillasMessage? read = VillasReading.Read(reader, document.RootElement);
        if (!reader.Ok)
        {
            return MessageStatus.Malformed;
        }

        message = read;
        return read is null ? MessageStatus.Unknown : MessageStatus.Ok;
    }

    /// <summary>The message in UTF-8, as the Go server would write it.</summary>
    public byte[] ToUtf8()
    {
        var json = new GoJson();
        Write(json);
        return json.ToUtf8();
    }

    private protected abstract void Write(GoJson json);
}
