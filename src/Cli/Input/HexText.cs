using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;

namespace Stack.Cli;

/// <summary>
/// Bytes in hexadecimal digits as people have them: with spaces, line ends, colons, commas, <c>0x</c>, remarks behind <c>#</c>, and as the
/// dumps of <c>xxd</c>, <c>hexdump -C</c> and <c>tcpdump -x</c>, whose offsets and characters are left out.
/// </summary>
internal static class HexText
{
    /// <summary>Reads the bytes; false where something is not a digit, or a digit is left over.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        var digits = new List<byte>();
        foreach (ReadOnlySpan<char> line in text.EnumerateLines())
        {
            if (!TryReadLine(StripDump(line), digits))
            {
                return false;
            }
        }

        if (digits.Count == 0 || digits.Count % 2 != 0)
        {
            return false;
        }

        bytes = new byte[digits.Count / 2];
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)((digits[2 * i] << 4) | digits[(2 * i) + 1]);
        }

        return true;
    }

    private static bool TryReadLine(ReadOnlySpan<char> line, List<byte> digits)
    {
        for (int i = 0; i < line.Length; i++)
        {
            char c = line[i];
            if (c == '0' && i + 1 < line.Length && line[i + 1] is 'x' or 'X')
            {
                i++;
            }
            else if (char.IsAsciiHexDigit(c))
            {
                digits.Add((byte)(char.IsAsciiDigit(c) ? c - '0' : (c | 0x20) - 'a' + 10));
            }
            else if (c is not (' ' or '\t' or ':' or ',' or '-' or '\uFEFF'))
            {
                return false;
            }
        }

        return true;
    }

    // An offset is followed by a colon and white space, or is eight digits and two spaces; the characters stand behind two spaces or a bar.
    private static ReadOnlySpan<char> StripDump(ReadOnlySpan<char> line)
    {
        int remark = line.IndexOf('#');
        line = (remark >= 0 ? line[..remark] : line).TrimEnd();
        ReadOnlySpan<char> start = line.TrimStart();
        int digits = 0;
        int first = start.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? 2 : 0;
        while (first + digits < start.Length && char.IsAsciiHexDigit(start[first + digits]))
        {
            digits++;
        }

        ReadOnlySpan<char> rest = start[(first + digits)..];
        if (digits is >= 4 and <= 8 && rest is [':', ' ' or '\t', ..])
        {
            return CutCharacters(rest[1..].Trim(), "  ");
        }

        if (digits == 8 && first == 0 && rest.StartsWith("  ", StringComparison.Ordinal) && rest.Contains('|'))
        {
            return CutCharacters(rest, "|");
        }

        // The last line of hexdump -C has the length alone.
        return line;
    }

    private static ReadOnlySpan<char> CutCharacters(ReadOnlySpan<char> rest, ReadOnlySpan<char> mark)
    {
        int at = rest.IndexOf(mark);
        return at >= 0 ? rest[..at] : rest;
    }
}
