using System;
using System.Globalization;
using System.Text;

namespace Stack.Stun;

/// <summary>
/// The contextual rules of RFC 5892 appendix A over one string. What a rule asks of the whole string is found once, so that deciding every
/// contextual code point of a string stays linear in its length.
/// </summary>
internal readonly ref struct PrecisContext
{
    private readonly ReadOnlySpan<Rune> _text;
    private readonly bool _hasArabicIndicDigit;
    private readonly bool _hasExtendedArabicIndicDigit;
    private readonly bool _hasJapanese;

    public PrecisContext(ReadOnlySpan<Rune> text)
    {
        _text = text;
        foreach (Rune rune in text)
        {
            _hasArabicIndicDigit |= IsArabicIndicDigit(rune.Value);
            _hasExtendedArabicIndicDigit |= IsExtendedArabicIndicDigit(rune.Value);
            _hasJapanese = _hasJapanese || CodePointRanges.Contains(PrecisTables.Japanese, rune.Value);
        }
    }

    /// <summary>
    /// Whether the rule of the code point at <paramref name="index"/> is met. A rule that looks before the start or behind the end is
    /// inconclusive, which RFC 8264 section 8 counts as not met, as it does a code point without a rule.
    /// </summary>
    public bool Permits(int index)
    {
        int codePoint = _text[index].Value;
        int before = index > 0 ? _text[index - 1].Value : -1;
        int after = index + 1 < _text.Length ? _text[index + 1].Value : -1;
        return codePoint switch
        {
            0x200C => CodePointRanges.Contains(PrecisTables.Virama, before) || BreaksCursiveConnection(index),
            0x200D => CodePointRanges.Contains(PrecisTables.Virama, before),
            0x00B7 => before == 'l' && after == 'l',
            0x0375 => CodePointRanges.Contains(PrecisTables.Greek, after),
            0x05F3 or 0x05F4 => CodePointRanges.Contains(PrecisTables.Hebrew, before),
            0x30FB => _hasJapanese,
            _ when IsArabicIndicDigit(codePoint) => !_hasExtendedArabicIndicDigit,
            _ when IsExtendedArabicIndicDigit(codePoint) => !_hasArabicIndicDigit,
            _ => false,
        };
    }

    // RFC 5892 appendix A.1: (Joining_Type:{L,D})(Joining_Type:T)* U+200C (Joining_Type:T)*(Joining_Type:{R,D}). U+200C is not transparent
    // itself, so the walks from two of them never cover the same stretch in the same direction.
    private bool BreaksCursiveConnection(int index)
    {
        int previous = index - 1;
        while (previous >= 0 && IsTransparent(_text[previous]))
        {
            previous--;
        }

        int next = index + 1;
        while (next < _text.Length && IsTransparent(_text[next]))
        {
            next++;
        }

        return previous >= 0 && next < _text.Length
            && CodePointRanges.Contains(PrecisTables.JoinsNext, _text[previous].Value)
            && CodePointRanges.Contains(PrecisTables.JoinsPrevious, _text[next].Value);
    }

    // Joining_Type T is by definition Mn, Me and Cf with few exceptions. All of Cf is disallowed in the FreeformClass except the joiners,
    // which are not transparent, and of the exceptions only U+1E94B is left.
    private static bool IsTransparent(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark || rune.Value == 0x1E94B;

    private static bool IsArabicIndicDigit(int codePoint) => codePoint is >= 0x0660 and <= 0x0669;

    private static bool IsExtendedArabicIndicDigit(int codePoint) => codePoint is >= 0x06F0 and <= 0x06F9;
}
