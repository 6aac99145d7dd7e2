using System;
using System.Buffers;
using System.Security.Cryptography;

namespace Stack.Ice;

/// <summary>A username fragment and a password, which authenticate checks (RFC 8445 section 5.3). Safe to share.</summary>
public sealed class IceCredentials : IEquatable<IceCredentials>
{
    /// <summary>The fewest characters of a username fragment.</summary>
    public const int MinFragmentLength = 4;

    /// <summary>The fewest characters of a password.</summary>
    public const int MinPasswordLength = 22;

    /// <summary>The most characters of either (RFC 8839 section 5.4).</summary>
    public const int MaxLength = 256;

    private const string IceChars = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    private static readonly SearchValues<char> Allowed = SearchValues.Create(IceChars);

    /// <summary>Takes both.</summary>
    /// <param name="usernameFragment">4 to 256 ice-chars (letters, digits, <c>+</c> and <c>/</c>).</param>
    /// <param name="password">22 to 256 ice-chars.</param>
    /// <exception cref="ArgumentException">Either is too short, too long, or has another character. The message does not repeat it.</exception>
    public IceCredentials(string usernameFragment, string password)
    {
        ArgumentNullException.ThrowIfNull(usernameFragment);
        ArgumentNullException.ThrowIfNull(password);
        if (!IsValidFragment(usernameFragment))
        {
            throw new ArgumentException($"A username fragment has {MinFragmentLength} to {MaxLength} letters, digits, + and /.", nameof(usernameFragment));
        }

        if (!IsValidPassword(password))
        {
            throw new ArgumentException($"A password has {MinPasswordLength} to {MaxLength} letters, digits, + and /.", nameof(password));
        }

        UsernameFragment = usernameFragment;
        Password = password;
    }

    /// <summary>The username fragment.</summary>
    public string UsernameFragment { get; }

    /// <summary>The password; a secret.</summary>
    public string Password { get; }

    /// <summary>Whether a text can be a username fragment.</summary>
    /// <param name="text">The text.</param>
    public static bool IsValidFragment(ReadOnlySpan<char> text) => text.Length is >= MinFragmentLength and <= MaxLength && IsIceChars(text);

    /// <summary>Whether a text can be a password.</summary>
    /// <param name="text">The text.</param>
    public static bool IsValidPassword(ReadOnlySpan<char> text) => text.Length is >= MinPasswordLength and <= MaxLength && IsIceChars(text);

    /// <summary>Whether a text has ice-chars alone (RFC 8839 section 5.1).</summary>
    /// <param name="text">The text.</param>
    public static bool IsIceChars(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(Allowed);

    /// <summary>Draws new ones: 48 bits for the fragment, 144 for the password; RFC 8445 section 5.3 asks for 24 and 128.</summary>
    /// <param name="random">The source; stays the caller's.</param>
    public static IceCredentials Create(RandomNumberGenerator random)
    {
        ArgumentNullException.ThrowIfNull(random);
        return new IceCredentials(Draw(random, 8), Draw(random, 24));
    }

    /// <summary>Compares both.</summary>
    /// <param name="other">The others.</param>
    public bool Equals(IceCredentials? other) => other is not null && UsernameFragment == other.UsernameFragment && Password == other.Password;

    /// <summary>Compares both.</summary>
    /// <param name="obj">The others.</param>
    public override bool Equals(object? obj) => Equals(obj as IceCredentials);

    /// <summary>A hash of the fragment.</summary>
    public override int GetHashCode() => UsernameFragment.GetHashCode(StringComparison.Ordinal);

    /// <summary>The fragment; the password is never printed.</summary>
    public override string ToString() => UsernameFragment;

    private static string Draw(RandomNumberGenerator random, int length)
    {
        Span<byte> bytes = stackalloc byte[length];
        random.GetBytes(bytes);
        Span<char> text = stackalloc char[length];
        for (int i = 0; i < length; i++)
        {
            text[i] = IceChars[bytes[i] & 63];
        }

        CryptographicOperations.ZeroMemory(bytes);
        return new string(text);
    }
}
