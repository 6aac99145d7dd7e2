namespace Stack.Fuzz.Reference;

/// <summary>The CRC-32 of ITU V.42, one bit at a time, straight from its polynomial (RFC 8489 section 14.7).</summary>
public static class ReferenceCrc32
{
    // x^32 + x^26 + x^23 + x^22 + x^16 + x^12 + x^11 + x^10 + x^8 + x^7 + x^5 + x^4 + x^2 + x + 1 with x^0 as the leftmost bit,
    // because the least significant bit of every byte enters first.
    private const uint ReversedPolynomial = 0xEDB88320;

    /// <summary>The CRC of the first <paramref name="count"/> bytes.</summary>
    public static uint Compute(byte[] bytes, int count)
    {
        uint register = 0xFFFFFFFF;
        for (int i = 0; i < count; i++)
        {
            register ^= bytes[i];
            for (int bit = 0; bit < 8; bit++)
            {
                uint carry = register & 1;
                register = (register >> 1) ^ (ReversedPolynomial * carry);
            }
        }

        return register ^ 0xFFFFFFFF;
    }
}
