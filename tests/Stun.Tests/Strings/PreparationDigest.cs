using System;
using System.Collections.Generic;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Stack.Stun.Tests;

/// <summary>
/// One SHA-256 over the outcome for every code point: a line "HEX:utf-8 of the result in hex" or "HEX:-" each. The expected digests come from
/// a separate program with its own tables and a Unicode 3.2 normalizer.
/// </summary>
internal static class PreparationDigest
{
    public delegate string? Preparation(string text);

    public static IEnumerable<Rune> AllRunes()
    {
        for (int codePoint = 0; codePoint <= 0x10FFFF; codePoint++)
        {
            if (Rune.TryCreate(codePoint, out Rune rune))
            {
                yield return rune;
            }
        }
    }

    public static (string Digest, int Accepted) Compute(
        string prefix, string suffix, Preparation prepare, Func<Rune, bool>? include = null)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        int accepted = 0;
        foreach (Rune rune in AllRunes())
        {
            if (include is not null && !include(rune))
            {
                continue;
            }

            string? result = prepare(prefix + rune.ToString() + suffix);
            accepted += result is null ? 0 : 1;
            string outcome = result is null ? "-" : Convert.ToHexStringLower(Encoding.UTF8.GetBytes(result));
            hash.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{rune.Value:X}:{outcome}\n")));
        }

        return (Convert.ToHexStringLower(hash.GetHashAndReset()), accepted);
    }
}
