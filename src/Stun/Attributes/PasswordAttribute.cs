using System;

namespace Stack.Stun;

/// <summary>PASSWORD: the password of a classic Shared Secret response, reserved since RFC 5389 (RFC 3489 section 11.2.7).</summary>
public static class PasswordAttribute
{
    /// <summary>Reads PASSWORD.</summary>
    /// <param name="message">The message.</param>
    /// <param name="value">The bytes as received; valid until the message's buffer is reused.</param>
    public static StunAttributeStatus ReadPassword(this scoped in StunMessage message, out ReadOnlySpan<byte> value)
        => TextValue.Read(message, StunAttributeType.Password, UsernameAttribute.MaxReadSize, out value);
}
