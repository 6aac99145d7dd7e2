using System;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Stack.Sessions;

/// <summary>
/// Words for sessions that are easy to say and hard to guess: groups of five letters, consonant and vowel in turn, each of 16 bits, with a hyphen between
/// them (the scheme of proquints).
/// </summary>
public static class SessionWord
{
    /// <summary>
    /// Groups of a word by default: 64 bits. They can be tried only by joining, which a server limits to ten times a second for an address.
    /// </summary>
    public const int DefaultGroups = 4;

    /// <summary>The most groups of a word.</summary>
    public const int MaxGroups = 16;

    private const string Consonants = "bdfghjklmnprstvz";
    private const string Vowels = "aiou";

    /// <summary>Makes a word with the system's randomness.</summary>
    /// <param name="groups">1 to <see cref="MaxGroups"/>; 8 for 128 bits.</param>
    /// <returns>Such as <c>lusab-babad-gutih-tugad</c>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are too few groups, or too many.</exception>
    public static string Create(int groups = DefaultGroups)
    {
        using var random = RandomNumberGenerator.Create();
        return Create(groups, random);
    }

    /// <summary>Makes a word.</summary>
    /// <param name="groups">1 to <see cref="MaxGroups"/>; 8 for 128 bits.</param>
    /// <param name="random">The randomness; it stays the caller's.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are too few groups, or too many.</exception>
    public static string Create(int groups, RandomNumberGenerator random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(groups, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(groups, MaxGroups);
        ArgumentNullException.ThrowIfNull(random);
        Span<byte> bits = stackalloc byte[2 * MaxGroups];
        bits = bits[..(2 * groups)];
        random.GetBytes(bits);
        Span<char> word = stackalloc char[6 * MaxGroups];
        for (int i = 0; i < groups; i++)
        {
            Write(BinaryPrimitives.ReadUInt16BigEndian(bits[(2 * i)..]), word.Slice(6 * i, 5));
            word[(6 * i) + 5] = '-';
        }

        return new string(word[..((6 * groups) - 1)]);
    }

    private static void Write(ushort bits, Span<char> group)
    {
        group[0] = Consonants[bits >> 12];
        group[1] = Vowels[(bits >> 10) & 3];
        group[2] = Consonants[(bits >> 6) & 15];
        group[3] = Vowels[(bits >> 4) & 3];
        group[4] = Consonants[bits & 15];
    }
}
