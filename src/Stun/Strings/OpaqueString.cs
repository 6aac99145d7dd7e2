using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Stack.Stun;

/// <summary>
/// The OpaqueString profile of RFC 8265 section 4.2, which RFC 8489 applies to passwords, user names and realms before they enter a key:
/// non-ASCII spaces become U+0020, the text is normalized to form C, and what is left must belong to the FreeformClass of RFC 8264
/// section 4.3. All members are safe to call from any thread.
/// </summary>
/// <remarks>
/// <para>
/// OpaqueString is not <see cref="SaslPrep"/>: it keeps compatibility characters (U+00AA, U+2168) and refuses U+00AD, which SASLprep drops.
/// The password that RFC 8489 appendix B.1 prints as prepared by OpaqueString was prepared by SASLprep.
/// </para>
/// <para>
/// The rules run in the order of RFC 8264 section 7, class membership last. They are applied once: no code point becomes a non-ASCII space
/// by normalization to form C, and that form is idempotent, so that the repetition of RFC 8265 section 5 could change nothing. Which code
/// points are assigned depends on the version of Unicode that the runtime carries.
/// </para>
/// </remarks>
public static class OpaqueString
{
    /// <summary>Prepares and enforces; the outcome is a value, and no input makes it throw.</summary>
    /// <param name="value">The text as entered or configured, at most 4096 UTF-16 code units.</param>
    /// <param name="prepared">The text to encode as UTF-8 into an attribute or a key, or null.</param>
    /// <param name="status">Why the text was refused, or <see cref="StringPreparationStatus.Success"/>.</param>
    /// <returns>Whether <paramref name="prepared"/> conforms to the profile.</returns>
    public static bool TryPrepare(
        ReadOnlySpan<char> value, [NotNullWhen(true)] out string? prepared, out StringPreparationStatus status)
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

        string mapped = string.Create(value.Length, value, MapSpaces);
        if (!UnicodeNormalization.TryNormalize(mapped, NormalizationForm.FormC, out string? normalized))
        {
            status = StringPreparationStatus.NormalizationUnavailable;
            return false;
        }

        status = CheckMembership(normalized);
        prepared = status == StringPreparationStatus.Success ? normalized : null;
        return prepared is not null;
    }

    // Every code point of the general category Zs lies in the Basic Multilingual Plane.
    private static void MapSpaces(Span<char> destination, ReadOnlySpan<char> source)
    {
        for (int i = 0; i < source.Length; i++)
        {
            destination[i] = char.GetUnicodeCategory(source[i]) == UnicodeCategory.SpaceSeparator ? ' ' : source[i];
        }
    }

    private static StringPreparationStatus CheckMembership(string text)
    {
        Rune[] runes = new Rune[text.Length];
        int count = 0;
        bool contextual = false;
        foreach (Rune rune in text.EnumerateRunes())
        {
            switch (FreeformClass.Classify(rune))
            {
                case PrecisDerivedProperty.Disallowed:
                    return StringPreparationStatus.Disallowed;
                case PrecisDerivedProperty.Unassigned:
                    return StringPreparationStatus.Unassigned;
                case PrecisDerivedProperty.Contextual:
                    contextual = true;
                    break;
                case PrecisDerivedProperty.Valid:
                default:
                    break;
            }

            runes[count++] = rune;
        }

        return !contextual || ContextRulesHold(runes.AsSpan(0, count))
            ? StringPreparationStatus.Success
            : StringPreparationStatus.ContextRuleFailed;
    }

    private static bool ContextRulesHold(ReadOnlySpan<Rune> runes)
    {
        var context = new PrecisContext(runes);
        for (int i = 0; i < runes.Length; i++)
        {
            if (FreeformClass.Classify(runes[i]) == PrecisDerivedProperty.Contextual && !context.Permits(i))
            {
                return false;
            }
        }

        return true;
    }
}
