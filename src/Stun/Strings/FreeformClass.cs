using System.Globalization;
using System.Text;

namespace Stack.Stun;

/// <summary>The string class of RFC 8264 section 4.3: the derived property of each code point, by the algorithm of its section 8.</summary>
internal static class FreeformClass
{
    /// <summary>Computes the derived property of one code point that is not a noncharacter.</summary>
    public static PrecisDerivedProperty Classify(Rune rune)
    {
        int codePoint = rune.Value;
        UnicodeCategory category = Rune.GetUnicodeCategory(rune);

        // The branches are those of RFC 8264 section 8, in its order. BackwardCompatible is empty (RFC 5892 section 2.7). HasCompat,
        // LetterDigits, OtherLetterDigits, Spaces, Symbols and Punctuation all give a valid code point in this class, so that their order
        // among themselves cannot be seen; HasCompat stands last because only it has to normalize.
        if (TryGetException(codePoint, out PrecisDerivedProperty exception))
        {
            return exception;
        }

        if (category == UnicodeCategory.OtherNotAssigned)
        {
            return PrecisDerivedProperty.Unassigned;
        }

        if (codePoint is >= 0x21 and <= 0x7E)
        {
            return PrecisDerivedProperty.Valid;
        }

        if (codePoint is 0x200C or 0x200D)
        {
            return PrecisDerivedProperty.Contextual;
        }

        // Erratum 5478: "Control(cp)" in RFC 8264 section 9.12 can only mean the general category Cc.
        if (CodePointRanges.Contains(PrecisTables.OldHangulJamo, codePoint)
            || CodePointRanges.Contains(PrecisTables.DefaultIgnorable, codePoint)
            || category == UnicodeCategory.Control)
        {
            return PrecisDerivedProperty.Disallowed;
        }

        return IsInValidCategory(category) || HasCompat(rune) ? PrecisDerivedProperty.Valid : PrecisDerivedProperty.Disallowed;
    }

    // RFC 5892 section 2.6.
    private static bool TryGetException(int codePoint, out PrecisDerivedProperty property)
    {
        switch (codePoint)
        {
            case 0x00DF or 0x03C2 or 0x06FD or 0x06FE or 0x0F0B or 0x3007:
                property = PrecisDerivedProperty.Valid;
                return true;
            case 0x00B7 or 0x0375 or 0x05F3 or 0x05F4 or 0x30FB or (>= 0x0660 and <= 0x0669) or (>= 0x06F0 and <= 0x06F9):
                property = PrecisDerivedProperty.Contextual;
                return true;
            case 0x0640 or 0x07FA or 0x302E or 0x302F or (>= 0x3031 and <= 0x3035) or 0x303B:
                property = PrecisDerivedProperty.Disallowed;
                return true;
            default:
                property = default;
                return false;
        }
    }

    private static bool IsInValidCategory(UnicodeCategory category) => category switch
    {
        // LetterDigits (A), RFC 5892 section 2.1.
        UnicodeCategory.LowercaseLetter or UnicodeCategory.UppercaseLetter or UnicodeCategory.OtherLetter
            or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.ModifierLetter or UnicodeCategory.NonSpacingMark
            or UnicodeCategory.SpacingCombiningMark => true,

        // OtherLetterDigits (R), RFC 8264 section 9.18.
        UnicodeCategory.TitlecaseLetter or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber
            or UnicodeCategory.EnclosingMark => true,

        // Spaces (N), RFC 8264 section 9.14.
        UnicodeCategory.SpaceSeparator => true,

        // Symbols (O), RFC 8264 section 9.15.
        UnicodeCategory.MathSymbol or UnicodeCategory.CurrencySymbol or UnicodeCategory.ModifierSymbol
            or UnicodeCategory.OtherSymbol => true,

        // Punctuation (P), RFC 8264 section 9.16.
        UnicodeCategory.ConnectorPunctuation or UnicodeCategory.DashPunctuation or UnicodeCategory.OpenPunctuation
            or UnicodeCategory.ClosePunctuation or UnicodeCategory.InitialQuotePunctuation or UnicodeCategory.FinalQuotePunctuation
            or UnicodeCategory.OtherPunctuation => true,
        _ => false,
    };

    // RFC 8264 section 9.17. Reached by format, private-use and line or paragraph separators alone.
    private static bool HasCompat(Rune rune)
    {
        string text = rune.ToString();
        return UnicodeNormalization.TryNormalize(text, NormalizationForm.FormKC, out string? normalized)
            && !string.Equals(text, normalized, System.StringComparison.Ordinal);
    }
}
