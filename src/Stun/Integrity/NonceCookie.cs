using System;
using System.Buffers;
using System.Buffers.Text;

namespace Stack.Stun;

/// <summary>
/// The nonce cookie: the 13 characters "obMatJos2" and the base64 of 24 security feature bits, in front of a NONCE. It protects the features
/// from being bid down (RFC 8489 section 9.2).
/// </summary>
public static class NonceCookie
{
    /// <summary>The size, in bytes.</summary>
    public const int Size = 13;

    private static ReadOnlySpan<byte> Prefix => "obMatJos2"u8;

    /// <summary>Reads the cookie of a NONCE.</summary>
    /// <param name="nonce">The value of NONCE.</param>
    /// <param name="features">The features, bits without a name included.</param>
    /// <returns>False where the nonce has no cookie: the server does not implement RFC 8489.</returns>
    public static bool TryRead(ReadOnlySpan<byte> nonce, out StunSecurityFeatures features)
    {
        features = StunSecurityFeatures.None;
        if (nonce.Length < Size || !nonce.StartsWith(Prefix))
        {
            return false;
        }

        Span<byte> bits = stackalloc byte[3];
        ReadOnlySpan<byte> encoded = nonce[Prefix.Length..Size];

        // The framework's decoder skips white space, which the cookie does not allow.
        if (encoded.ContainsAny(" \t\r\n="u8)
            || Base64.DecodeFromUtf8(encoded, bits, out _, out int written) != OperationStatus.Done
            || written != 3)
        {
            return false;
        }

        features = (StunSecurityFeatures)((bits[0] << 16) | (bits[1] << 8) | bits[2]);
        return true;
    }

    /// <summary>Writes a cookie; the rest of the nonce goes behind it.</summary>
    /// <param name="destination">At least 13 bytes.</param>
    /// <param name="features">The features.</param>
    /// <exception cref="ArgumentException">The destination is too small.</exception>
    public static void Write(Span<byte> destination, StunSecurityFeatures features)
    {
        if (destination.Length < Size)
        {
            throw new ArgumentException("A nonce cookie has 13 bytes.", nameof(destination));
        }

        int value = (int)features;
        ReadOnlySpan<byte> bits = [(byte)((value >> 16) & 0xFF), (byte)((value >> 8) & 0xFF), (byte)(value & 0xFF)];
        Prefix.CopyTo(destination);
        Base64.EncodeToUtf8(bits, destination[Prefix.Length..Size], out _, out _);
    }
}
