namespace Stack.Fuzz.Reference;

/// <summary>The nonce cookie of RFC 8489 section 9.2 with the bit order that erratum 6290 gives it.</summary>
public static class ReferenceNonce
{
    private const string Prefix = "obMatJos2";
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    /// <summary>The 24 security feature bits, bit 0 the least significant, or null where the bytes do not begin with a nonce cookie.</summary>
    public static int? Read(byte[] nonce) => Read(nonce, 0, nonce.Length);

    /// <summary>The same for a nonce inside a larger array.</summary>
    public static int? Read(byte[] bytes, int offset, int length)
    {
        if (length < Prefix.Length + 4)
        {
            return null;
        }

        for (int i = 0; i < Prefix.Length; i++)
        {
            if (bytes[offset + i] != Prefix[i])
            {
                return null;
            }
        }

        int features = 0;
        for (int i = Prefix.Length; i < Prefix.Length + 4; i++)
        {
            int six = Alphabet.IndexOf((char)bytes[offset + i]);
            if (six < 0)
            {
                return null;
            }

            features = (features << 6) | six;
        }

        return features;
    }
}
