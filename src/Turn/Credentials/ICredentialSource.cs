using System;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>
/// Where a TURN server finds its users. Safe for concurrent use: all loops of a server ask the same source. It answers at once, from memory;
/// a lookup over the network belongs in front of it.
/// </summary>
public interface ICredentialSource
{
    /// <summary>The most bytes that a key has.</summary>
    const int MaxKeySize = 32;

    /// <summary>Derives the key of a user (RFC 8489 section 9.2.2).</summary>
    /// <param name="username">USERNAME as received: any bytes, 1 to 508 of them.</param>
    /// <param name="realm">The server's realm.</param>
    /// <param name="algorithm">The algorithm to derive it with.</param>
    /// <param name="key">Where the key goes, <see cref="MaxKeySize"/> bytes.</param>
    /// <param name="length">Its length: 16 bytes for MD5, 32 for SHA-256.</param>
    /// <returns>False where there is no such user, or his time is over.</returns>
    bool TryGetKey(ReadOnlySpan<byte> username, string realm, StunPasswordAlgorithm algorithm, Span<byte> key, out int length);

    /// <summary>
    /// Derives another key that the same user may have, as while a shared secret is being changed or where two sources know the name. A server
    /// tries them in turn until one verifies the request.
    /// </summary>
    /// <param name="index">1 for the second key, and upward without gaps; 0 is the key of <see cref="TryGetKey"/>.</param>
    /// <param name="username">As for <see cref="TryGetKey"/>.</param>
    /// <param name="realm">The server's realm.</param>
    /// <param name="algorithm">The algorithm to derive it with.</param>
    /// <param name="key">Where the key goes, <see cref="MaxKeySize"/> bytes.</param>
    /// <param name="length">Its length.</param>
    /// <returns>False where there are no more: the normal case, and the default.</returns>
    bool TryGetOtherKey(
        int index,
        ReadOnlySpan<byte> username,
        string realm,
        StunPasswordAlgorithm algorithm,
        Span<byte> key,
        out int length)
    {
        length = 0;
        return false;
    }

    /// <summary>Finds the user of a USERHASH (RFC 8489 section 14.4).</summary>
    /// <param name="userhash">32 bytes.</param>
    /// <param name="realm">The server's realm.</param>
    /// <param name="username">Where the name goes, 508 bytes.</param>
    /// <param name="length">Its length.</param>
    /// <returns>False where there is none, or the source cannot tell.</returns>
    bool TryFindUser(ReadOnlySpan<byte> userhash, string realm, Span<byte> username, out int length)
    {
        length = 0;
        return false;
    }

    /// <summary>
    /// The part of a user name that quotas are counted by: names that one person may have many of, such as those with an expiry in them, share it.
    /// </summary>
    /// <param name="username">The name of a user that <see cref="TryGetKey"/> accepted.</param>
    ReadOnlySpan<byte> GetAccount(ReadOnlySpan<byte> username) => username;
}
