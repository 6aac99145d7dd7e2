using System;

namespace Stack.Transport;

/// <summary>The names that hosts hide behind: a random UUID below <c>.local</c>.</summary>
internal static class MdnsHostName
{
    public const string Suffix = ".local";

    public static string Create() => $"{Guid.NewGuid():D}{Suffix}";

    /// <summary>Whether a name is of that form. No other one is asked for: it could be somebody's printer.</summary>
    public static bool IsRandom(ReadOnlySpan<char> name)
        => name.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase) && Guid.TryParseExact(name[..^Suffix.Length], "D", out _);
}
