using System;

namespace Stack.Stun;

/// <summary>
/// The part of reg-name (RFC 3986 section 3.2.2) that can be a name in the DNS. The full production would admit percent-encoding, spaces
/// behind it, NUL, and shell and header metacharacters, none of which can name a server.
/// </summary>
internal static class RegisteredName
{
    private const int MaxLength = 253;
    private const int MaxLabelLength = 63;

    /// <summary>
    /// Whether <paramref name="name"/> has labels of 1 to 63 letters, digits, hyphens and underscores, none with a hyphen at either end, in
    /// at most 253 characters and an optional final dot, and could not be taken for a number.
    /// </summary>
    /// <remarks>
    /// A last label that is a number is refused because system resolvers read 127.1, 0x7f.1, 2130706433 and 010.0.0.1 as IPv4 addresses,
    /// behind the back of whoever filters addresses (RFC 3986 section 7.4).
    /// </remarks>
    public static bool IsValid(ReadOnlySpan<char> name)
    {
        if (name.EndsWith('.'))
        {
            name = name[..^1];
        }

        if (name.Length > MaxLength)
        {
            return false;
        }

        while (true)
        {
            int dot = name.IndexOf('.');
            ReadOnlySpan<char> label = dot < 0 ? name : name[..dot];
            if (!IsLabel(label))
            {
                return false;
            }

            if (dot < 0)
            {
                return !IsNumber(label);
            }

            name = name[(dot + 1)..];
        }
    }

    private static bool IsLabel(ReadOnlySpan<char> label)
    {
        if (label.Length is 0 or > MaxLabelLength || label[0] == '-' || label[^1] == '-')
        {
            return false;
        }

        foreach (char character in label)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('-' or '_'))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsNumber(ReadOnlySpan<char> label)
    {
        bool hexadecimal = label.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        foreach (char character in hexadecimal ? label[2..] : label)
        {
            if (hexadecimal ? !char.IsAsciiHexDigit(character) : !char.IsAsciiDigit(character))
            {
                return false;
            }
        }

        return true;
    }
}
