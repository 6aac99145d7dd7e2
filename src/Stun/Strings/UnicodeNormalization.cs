using System;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Stack.Stun;

/// <summary>
/// The runtime's normalization, guarded: in globalization-invariant mode <see cref="string.Normalize(NormalizationForm)"/> returns
/// non-ASCII text unchanged and reports success, which would derive a wrong key without any sign of it.
/// </summary>
internal static class UnicodeNormalization
{
    private static readonly bool Available = IsTrustworthy(static (text, form) => text.Normalize(form));

    /// <summary>Normalizes well-formed text; ASCII is in every form already and never needs the runtime.</summary>
    /// <param name="text">Well-formed UTF-16 without noncharacters: the runtime throws on both a lone surrogate and U+FFFE.</param>
    /// <param name="form">The normalization form.</param>
    /// <param name="normalized">The text in that form, or null.</param>
    /// <returns>Whether this process can normalize <paramref name="text"/>.</returns>
    public static bool TryNormalize(string text, NormalizationForm form, [NotNullWhen(true)] out string? normalized)
    {
        if (Ascii.IsValid(text))
        {
            normalized = text;
            return true;
        }

        normalized = Available ? text.Normalize(form) : null;
        return Available;
    }

    /// <summary>Asks for one canonical composition and one compatibility mapping whose results are known.</summary>
    internal static bool IsTrustworthy(Func<string, NormalizationForm, string> normalize)
    {
        try
        {
            return string.Equals(normalize("e\u0301", NormalizationForm.FormC), "\u00e9", StringComparison.Ordinal)
                && string.Equals(normalize("\u2168", NormalizationForm.FormKC), "IX", StringComparison.Ordinal);
        }
        catch (PlatformNotSupportedException)
        {
            return false;
        }
    }
}
