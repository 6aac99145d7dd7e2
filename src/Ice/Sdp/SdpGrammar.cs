using System;
using System.Buffers;
using System.Text;

namespace Stack.Ice;

/// <summary>The small rules that the attributes share (RFC 8839 section 5, RFC 4566 section 9). Nothing throws.</summary>
internal static class SdpGrammar
{
    // RFC 3261 section 25.1, which RFC 8839 section 5.1 names.
    private static readonly SearchValues<char> TokenChars =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.!%*_+`'~");

    private static readonly SearchValues<char> NameChars =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.");

    public static bool IsToken(ReadOnlySpan<char> text) => text.Length > 0 && !text.ContainsAnyExcept(TokenChars);

    /// <summary>Whether all characters print and none is a space; true for none at all.</summary>
    public static bool IsVisible(ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('\u0021', '\u007E');

    /// <summary>FQDN of RFC 4566 section 9: at least four letters, digits, hyphens and dots.</summary>
    public static bool IsDomainName(ReadOnlySpan<char> text) => text.Length is >= 4 and <= 255 && !text.ContainsAnyExcept(NameChars);

    /// <summary>Whether a text is a name and not an address written in an odd way: its last label starts with no digit.</summary>
    public static bool IsHostName(ReadOnlySpan<char> text)
    {
        ReadOnlySpan<char> last = text[(text.LastIndexOf('.') + 1)..];
        return IsDomainName(text) && last.Length > 0 && !char.IsAsciiDigit(last[0]);
    }

    /// <summary>One label and <c>.local</c>, as mDNS candidates have it.</summary>
    public static bool IsMdnsName(ReadOnlySpan<char> text)
    {
        const string Suffix = ".local";
        int label = text.Length - Suffix.Length;
        return label is > 0 and <= 63
            && Matches(text[label..], Suffix)
            && !text[..label].Contains('.')
            && IsDomainName(text);
    }

    public static bool Matches(ReadOnlySpan<char> text, string literal) => Ascii.EqualsIgnoreCase(text, literal);

    /// <summary>Reads decimal digits, and nothing but them.</summary>
    /// <param name="text">The whole number.</param>
    /// <param name="maxDigits">The most digits, leading zeros included.</param>
    /// <param name="max">The highest value.</param>
    /// <param name="value">The value; 0 on failure.</param>
    public static bool TryReadNumber(ReadOnlySpan<char> text, int maxDigits, long max, out long value)
    {
        value = 0;
        if (text.Length == 0 || text.Length > maxDigits)
        {
            return false;
        }

        long number = 0;
        foreach (char digit in text)
        {
            if (!char.IsAsciiDigit(digit))
            {
                return false;
            }

            number = (number * 10) + (digit - '0');
            if (number > max)
            {
                return false;
            }
        }

        value = number;
        return true;
    }
}
