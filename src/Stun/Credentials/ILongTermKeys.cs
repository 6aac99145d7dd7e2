using System;
using System.Diagnostics.CodeAnalysis;

namespace Stack.Stun;

/// <summary>Where a server finds the keys of long-term credentials.</summary>
public interface ILongTermKeys
{
    /// <summary>Looks a user up by name.</summary>
    /// <param name="username">The value of USERNAME as received.</param>
    /// <param name="algorithm">The algorithm that the key must have been derived with.</param>
    /// <param name="key">The key, which stays the source's.</param>
    bool TryGetKey(ReadOnlySpan<byte> username, StunPasswordAlgorithm algorithm, [NotNullWhen(true)] out IntegrityKey? key);

    /// <summary>Looks a user up by USERHASH. Only asked where the server offers username anonymity.</summary>
    /// <param name="userhash">32 bytes.</param>
    /// <param name="algorithm">The algorithm that the key must have been derived with.</param>
    /// <param name="key">The key, which stays the source's.</param>
    bool TryGetKeyByUserhash(ReadOnlySpan<byte> userhash, StunPasswordAlgorithm algorithm, [NotNullWhen(true)] out IntegrityKey? key);
}
