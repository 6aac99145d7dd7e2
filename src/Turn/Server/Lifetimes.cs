using System;

namespace Stack.Turn;

/// <summary>The durations that RFC 8656 fixes.</summary>
internal static class Lifetimes
{
    /// <summary>RFC 8656 section 9: the Permission Lifetime MUST be 300 seconds.</summary>
    public static readonly TimeSpan Permission = TimeSpan.FromSeconds(300);

    /// <summary>RFC 8656 section 12: a channel binding lasts for 10 minutes unless refreshed.</summary>
    public static readonly TimeSpan Channel = TimeSpan.FromSeconds(600);
}
