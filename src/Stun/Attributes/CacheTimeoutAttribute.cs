using System;
using System.Buffers.Binary;

namespace Stack.Stun;

/// <summary>CACHE-TIMEOUT: registered by RFC 5780 section 9.1, described in its drafts only; servers of our time ignore it.</summary>
public static class CacheTimeoutAttribute
{
    /// <summary>Reads CACHE-TIMEOUT; any length but four is malformed.</summary>
    /// <param name="message">The message.</param>
    /// <param name="seconds">The time, in seconds.</param>
    public static StunAttributeStatus ReadCacheTimeout(this scoped in StunMessage message, out uint seconds)
    {
        seconds = 0;
        if (!message.TryFind(StunAttributeType.CacheTimeout, out ReadOnlySpan<byte> value))
        {
            return StunAttributeStatus.Absent;
        }

        if (value.Length != 4)
        {
            return StunAttributeStatus.Malformed;
        }

        seconds = BinaryPrimitives.ReadUInt32BigEndian(value);
        return StunAttributeStatus.Present;
    }
}
