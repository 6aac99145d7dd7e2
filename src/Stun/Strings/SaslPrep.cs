using System;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Stack.Stun;

/// <summary>
/// SASLprep, RFC 4013, a profile of stringprep (RFC 3454) over Unicode 3.2: what RFC 5389 section 15.4 applies to passwords, and so what
/// peers that predate RFC 8489 put into their keys. All members are safe to call from any thread.
/// </summary>
/// <remarks>
/// <para>
/// The steps are those of RFC 3454 section 2: map, normalize to form KC, refuse prohibited output (RFC 4013 erratum 1812: the output is
/// checked, not the input), check bidirectional text. U+200B stands in both mapping tables and is mapped to a space, by the one that
/// RFC 4013 section 2.1 names first. RFC 4013 lets an empty result pass; it is refused here, since an empty secret is none.
/// </para>
/// <para>
/// The result is that of Unicode 3.2 whatever version the runtime carries: code points that 3.2 does not assign never reach the runtime's
/// normalization, and the five mappings that later versions corrected are applied as they were.
/// </para>
/// </remarks>
public static class SaslPrep
{
    /// <summary>
    /// Prepares a "stored string" in the sense of RFC 3454 section 7, for example the password in a server's credential store: code points
    /// that Unicode 3.2 does not assign are refused.
    /// </summary>
    /// <param name="value">The text as entered or configured, at most 4096 UTF-16 code units.</param>
    /// <param name="prepared">The text to encode as UTF-8 into a key, or null.</param>
    /// <param name="status">Why the text was refused, or <see cref="StringPreparationStatus.Success"/>.</param>
    /// <returns>Whether the text was prepared. No input makes this throw.</returns>
    public static bool TryPrepareStored(
        ReadOnlySpan<char> value, [NotNullWhen(true)] out string? prepared, out StringPreparationStatus status) =>
        TryPrepare(value, allowUnassigned: false, out prepared, out status);

    /// <summary>
    /// Prepares a "query" in the sense of RFC 3454 section 7, for example the password that a client presents: code points that Unicode 3.2
    /// does not assign pass through unchanged.
    /// </summary>
    /// <param name="value">The text as entered or configured, at most 4096 UTF-16 code units.</param>
    /// <param name="prepared">The text to encode as UTF-8 into a key, or null.</param>
    /// <param name="status">Why the text was refused, or <see cref="StringPreparationStatus.Success"/>.</param>
    /// <returns>Whether the text was prepared. No input makes this throw.</returns>
    public static bool TryPrepareQuery(
        ReadOnlySpan<char> value, [NotNullWhen(true)] out string? prepared, out StringPreparationStatus status) =>
        TryPrepare(value, allowUnassigned: true, out prepared, out status);

    private static bool TryPrepare(
        ReadOnlySpan<char> value, bool allowUnassigned, [NotNullWhen(true)] out string? prepared, out StringPreparationStatus status)
    {
        prepared = null;
        status = StringPreparation.Screen(value);
        if (status != StringPreparationStatus.Success)
        {
            return false;
        }

        if (StringPreparation.IsPrintableAscii(value))
        {
            prepared = value.ToString();
            return true;
        }

        status = MapAndNormalize(value, allowUnassigned, out string text);
        if (status == StringPreparationStatus.Success)
        {
            status = CheckOutput(text);
        }

        prepared = status == StringPreparationStatus.Success ? text : null;
        return prepared is not null;
    }

    // An unassigned code point has no decomposition, composes with nothing and is never reordered (RFC 3454 section 7.2), so that it
    // divides the text into segments that can be normalized one by one.
    private static StringPreparationStatus MapAndNormalize(ReadOnlySpan<char> value, bool allowUnassigned, out string text)
    {
        text = string.Empty;
        var output = new StringBuilder(value.Length);
        var segment = new StringBuilder(value.Length);
        foreach (Rune rune in value.EnumerateRunes())
        {
            int codePoint = rune.Value;
            if (CodePointRanges.Contains(StringprepTables.NonAsciiSpace, codePoint))
            {
                segment.Append(' ');
            }
            else if (CodePointRanges.Contains(StringprepTables.Unassigned, codePoint))
            {
                if (!allowUnassigned)
                {
                    return StringPreparationStatus.Unassigned;
                }

                if (!TryFlush(segment, output))
                {
                    return StringPreparationStatus.NormalizationUnavailable;
                }

                output.Append(rune);
            }
            else if (!CodePointRanges.Contains(StringprepTables.MappedToNothing, codePoint))
            {
                segment.Append(BeforeCorrigendum4(rune));
            }
        }

        if (!TryFlush(segment, output))
        {
            return StringPreparationStatus.NormalizationUnavailable;
        }

        text = output.ToString();
        return StringPreparationStatus.Success;
    }

    private static bool TryFlush(StringBuilder segment, StringBuilder output)
    {
        bool done = UnicodeNormalization.TryNormalize(segment.ToString(), NormalizationForm.FormKC, out string? normalized);
        output.Append(normalized);
        segment.Clear();
        return done;
    }

    // Unicode corrected these five canonical mappings after version 3.2, which SASLprep is bound to.
    private static Rune BeforeCorrigendum4(Rune rune) => rune.Value switch
    {
        0x2F868 => new Rune(0x2136A),
        0x2F874 => new Rune(0x5F33),
        0x2F91F => new Rune(0x43AB),
        0x2F95F => new Rune(0x7AAE),
        0x2F9BF => new Rune(0x4D57),
        _ => rune,
    };

    private static StringPreparationStatus CheckOutput(string text)
    {
        if (text.Length == 0)
        {
            return StringPreparationStatus.Empty;
        }

        bool rightToLeft = false;
        bool leftToRight = false;
        bool startsRightToLeft = false;
        bool endsRightToLeft = false;
        bool first = true;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (CodePointRanges.Contains(StringprepTables.Prohibited, rune.Value))
            {
                return StringPreparationStatus.Disallowed;
            }

            endsRightToLeft = CodePointRanges.Contains(StringprepTables.RightToLeft, rune.Value);
            rightToLeft |= endsRightToLeft;
            leftToRight |= CodePointRanges.Contains(StringprepTables.LeftToRight, rune.Value);
            startsRightToLeft = first ? endsRightToLeft : startsRightToLeft;
            first = false;
        }

        // RFC 3454 section 6, requirements 2 and 3.
        return rightToLeft && (leftToRight || !startsRightToLeft || !endsRightToLeft)
            ? StringPreparationStatus.BidirectionalRuleFailed
            : StringPreparationStatus.Success;
    }
}
