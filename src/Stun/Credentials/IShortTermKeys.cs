using System;
using System.Diagnostics.CodeAnalysis;

namespace Stack.Stun;

/// <summary>Where a server finds the keys of short-term credentials.</summary>
public interface IShortTermKeys
{
    /// <summary>Looks a user up.</summary>
    /// <param name="username">The value of USERNAME as received.</param>
    /// <param name="key">The key, which stays the source's.</param>
    bool TryGetKey(ReadOnlySpan<byte> username, [NotNullWhen(true)] out IntegrityKey? key);
}
