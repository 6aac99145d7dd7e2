using System;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Stack.Signaling.Server;

/// <summary>
/// What goes through the store: a number that rises with each signal of a process, so that one that is sent again is told apart from a new one (0 for what may
/// be heard twice), and the message. Channels and keys have a digest in place of the session's name, which is a secret.
/// </summary>
internal static class SharedEnvelope
{
    /// <summary>The channel on which processes speak about themselves and their peers.</summary>
    public const string ProcessesChannel = "stack:signaling:processes";

    /// <summary>The key of the store's age.</summary>
    public const string AgeKey = "stack:signaling:since";

    /// <summary>The channel on which the peers of a session speak.</summary>
    public static string GetChannel(string session) => "stack:signaling:session:" + Digest(session);

    /// <summary>The key of a session's numbers.</summary>
    public static string GetIdKey(string session) => "stack:signaling:id:" + Digest(session);

    public static byte[] Write(long number, SharedMessage message)
    {
        const int MaxNumberSize = 20;
        byte[] body = message.ToUtf8();
        byte[] payload = new byte[MaxNumberSize + 1 + body.Length];
        Utf8Formatter.TryFormat(number, payload, out int length);
        payload[length] = (byte)' ';
        body.CopyTo(payload.AsSpan(length + 1));
        return payload[..(length + 1 + body.Length)];
    }

    public static bool TryRead(ReadOnlySpan<byte> payload, out long number, out SharedMessage? message)
    {
        message = null;
        return Utf8Parser.TryParse(payload, out number, out int length)
            && length < payload.Length
            && payload[length] == ' '
            && SharedMessage.TryParse(payload[(length + 1)..], out message);
    }

    private static string Digest(string session) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(session)).AsSpan(0, 16));
}
