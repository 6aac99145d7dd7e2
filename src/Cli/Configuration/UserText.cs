using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using Stack.Turn;

namespace Stack.Cli;

/// <summary>
/// Users as text: <c>name:password</c>, or <c>name:key=HEX</c> with the key of RFC 8489 section 9.2.2 in 32 digits for MD5 or 64 for SHA-256, or
/// both with a comma between them. The name ends at the first colon.
/// </summary>
internal static class UserText
{
    /// <summary>The most bytes of a file of users.</summary>
    public const int MaxFileSize = 8 * 1024 * 1024;

    private const string KeyPrefix = "key=";

    /// <summary>Reads a user.</summary>
    /// <param name="text">The text.</param>
    /// <param name="user">The user.</param>
    /// <param name="problem">What is wrong, without the text.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out StaticUser? user, [NotNullWhen(false)] out string? problem)
    {
        user = null;
        problem = null;
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || colon == text.Length - 1)
        {
            problem = "a user is name:password or name:key=HEX";
            return false;
        }

        string name = text[..colon];
        string secret = text[(colon + 1)..];
        try
        {
            user = secret.StartsWith(KeyPrefix, StringComparison.Ordinal)
                ? FromKeys(name, secret[KeyPrefix.Length..])
                : StaticUser.FromPassword(name, secret);
        }
        catch (ArgumentException error)
        {
            problem = error.ParamName == "name" ? "the name of the user is too long or has characters that are not allowed"
                : error.ParamName == "password" ? "the password has characters that are not allowed"
                : "a key has 32 hexadecimal digits for MD5, or 64 for SHA-256, or both with a comma between them";
        }

        return problem is null && user is not null;
    }

    /// <summary>Reads a file of users, one a line; empty lines and those that begin with # are left out.</summary>
    /// <param name="text">The contents.</param>
    /// <param name="file">The name for errors.</param>
    /// <param name="key">The key for errors.</param>
    /// <exception cref="ConfigurationException">A line is no user.</exception>
    public static List<StaticUser> ParseFile(string text, string file, string key)
    {
        List<StaticUser> users = [];
        HashSet<string> names = new(StringComparer.Ordinal);
        int line = 0;
        foreach (string one in text.Split('\n'))
        {
            line++;
            string user = one.EndsWith('\r') ? one[..^1] : one;
            if (user.Length == 0 || user[0] == '#')
            {
                continue;
            }

            if (!TryParse(user, out StaticUser? read, out string? problem))
            {
                throw new ConfigurationException(new ConfigurationError(file, line, key, problem));
            }

            if (!names.Add(read.Name))
            {
                throw new ConfigurationException(new ConfigurationError(file, line, key, "this user is there twice"));
            }

            users.Add(read);
        }

        return users;
    }

    private static StaticUser FromKeys(string name, string keys)
    {
        string[] parts = keys.Split(',');
        foreach (string part in parts)
        {
            if (part.Length is not (32 or 64) || !part.All(char.IsAsciiHexDigit))
            {
                throw new ArgumentException("No key.", nameof(keys));
            }
        }

        return parts.Length switch
        {
            1 => StaticUser.FromKey(name, Convert.FromHexString(parts[0])),
            2 when parts[0].Length < parts[1].Length => StaticUser.FromKeys(name, Convert.FromHexString(parts[0]), Convert.FromHexString(parts[1])),
            2 when parts[0].Length > parts[1].Length => StaticUser.FromKeys(name, Convert.FromHexString(parts[1]), Convert.FromHexString(parts[0])),
            _ => throw new ArgumentException("No keys.", nameof(keys)),
        };
    }
}
