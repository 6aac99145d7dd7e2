using System;
using System.Buffers;
using System.Text;

namespace Stack.Stun;

/// <summary>What both preparations do before their own rules apply.</summary>
internal static class StringPreparation
{
    /// <summary>
    /// In UTF-16 code units. A USERNAME or REALM has at most 763 bytes even to a lenient receiver (RFC 8489 section 14.3), but the protocol
    /// does not bound passwords. Canonical reordering is quadratic in a run of combining marks, so that some bound is needed.
    /// </summary>
    public const int MaxLength = 4096;

    private static readonly SearchValues<char> PrintableAscii = SearchValues.Create(
        " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    /// <summary>Printable ASCII is its own preparation under every rule of RFC 8265 section 4.2 and RFC 4013.</summary>
    public static bool IsPrintableAscii(ReadOnlySpan<char> value) => !value.ContainsAnyExcept(PrintableAscii);

    /// <summary>Refuses what is empty, too long or not well-formed, and noncharacters, which no rule maps to anything else.</summary>
    public static StringPreparationStatus Screen(ReadOnlySpan<char> value)
    {
        if (value.IsEmpty)
        {
            return StringPreparationStatus.Empty;
        }

        if (value.Length > MaxLength)
        {
            return StringPreparationStatus.TooLong;
        }

        bool noncharacter = false;
        for (ReadOnlySpan<char> rest = value; !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out Rune rune, out int consumed) != OperationStatus.Done)
            {
                return StringPreparationStatus.MalformedUtf16;
            }

            noncharacter |= IsNoncharacter(rune.Value);
            rest = rest[consumed..];
        }

        return noncharacter ? StringPreparationStatus.Disallowed : StringPreparationStatus.Success;
    }

    private static bool IsNoncharacter(int codePoint) => (codePoint & 0xFFFE) == 0xFFFE || codePoint is >= 0xFDD0 and <= 0xFDEF;
}
