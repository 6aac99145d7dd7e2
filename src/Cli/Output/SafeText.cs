using System;
using System.Globalization;
using System.Text;

namespace Stack.Cli;

/// <summary>
/// The one way of foreign text to a terminal: whatever could move the cursor, hide or reorder text is written as <c>\u{..}</c>, so that a
/// server cannot speak in the tool's name.
/// </summary>
internal static class SafeText
{
    /// <summary>How much of a foreign text is shown, in UTF-16 units.</summary>
    public const int MaxLength = 256;

    private const string Ellipsis = "...";

    /// <summary>Escapes and shortens text that came from the network.</summary>
    public static string Of(string text) => Escape(Shorten(text));

    /// <summary>Shortens without escaping, for JSON, which has escapes of its own.</summary>
    public static string Shorten(string text) => Shorten(text, MaxLength);

    /// <summary>Shortens to another length.</summary>
    public static string Shorten(string text, int maxLength)
    {
        if (text.Length <= maxLength)
        {
            return text;
        }

        int end = char.IsHighSurrogate(text[maxLength - 1]) ? maxLength - 1 : maxLength;
        return string.Concat(text.AsSpan(0, end), Ellipsis);
    }

    /// <summary>Escapes; every line that is printed passes here.</summary>
    public static string Escape(string text)
    {
        StringBuilder? escaped = null;
        int at = 0;
        while (at < text.Length)
        {
            bool whole = Rune.TryGetRuneAt(text, at, out Rune rune);
            int length = whole ? rune.Utf16SequenceLength : 1;
            if (whole && IsHarmless(rune))
            {
                escaped?.Append(text, at, length);
            }
            else
            {
                escaped ??= new StringBuilder(text, 0, at, text.Length + 16);
                int value = whole ? rune.Value : text[at];
                escaped.Append(CultureInfo.InvariantCulture, $"\\u{{{value:x}}}");
            }

            at += length;
        }

        return escaped?.ToString() ?? text;
    }

    // Format characters are the bidirectional controls, zero-width characters, tags and their like.
    private static bool IsHarmless(Rune rune) => rune.IsAscii
        ? rune.Value is >= 0x20 and < 0x7F
        : Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
