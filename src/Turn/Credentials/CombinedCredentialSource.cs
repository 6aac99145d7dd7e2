using System;
using System.Collections.Generic;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>
/// Several sources as one, asked in turn. A name that more than one of them knows has the keys of all. As safe for concurrent use as they are;
/// they stay the caller's.
/// </summary>
public sealed class CombinedCredentialSource : ICredentialSource
{
    private readonly ICredentialSource[] _sources;

    /// <summary>Combines sources.</summary>
    /// <param name="sources">The sources, in the order in which they are asked; at least one.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public CombinedCredentialSource(params IReadOnlyList<ICredentialSource> sources)
    {
        ArgumentNullException.ThrowIfNull(sources);
        _sources = [.. sources];
        if (_sources.Length == 0)
        {
            throw new ArgumentException("There is nobody to ask.", nameof(sources));
        }
    }

    /// <inheritdoc/>
    public bool TryGetKey(ReadOnlySpan<byte> username, string realm, StunPasswordAlgorithm algorithm, Span<byte> key, out int length)
        => TryGetOtherKey(0, username, realm, algorithm, key, out length);

    /// <inheritdoc/>
    public bool TryGetOtherKey(
        int index,
        ReadOnlySpan<byte> username,
        string realm,
        StunPasswordAlgorithm algorithm,
        Span<byte> key,
        out int length)
    {
        length = 0;
        int passed = 0;
        foreach (ICredentialSource source in _sources)
        {
            if (!source.TryGetKey(username, realm, algorithm, key, out length))
            {
                continue;
            }

            // Nothing is remembered from one call to the next, so the keys of this source that were handed out already are counted again.
            for (int own = 0; ; own++)
            {
                if (own > 0 && !source.TryGetOtherKey(own, username, realm, algorithm, key, out length))
                {
                    break;
                }

                if (passed++ == index)
                {
                    return true;
                }
            }
        }

        key.Clear();
        length = 0;
        return false;
    }

    /// <inheritdoc/>
    public bool TryFindUser(ReadOnlySpan<byte> userhash, string realm, Span<byte> username, out int length)
    {
        foreach (ICredentialSource source in _sources)
        {
            if (source.TryFindUser(userhash, realm, username, out length))
            {
                return true;
            }
        }

        length = 0;
        return false;
    }

    /// <summary>The account of the first source for which it is not the whole name, since sources do not say whose a name is.</summary>
    /// <param name="username">The name.</param>
    public ReadOnlySpan<byte> GetAccount(ReadOnlySpan<byte> username)
    {
        foreach (ICredentialSource source in _sources)
        {
            ReadOnlySpan<byte> account = source.GetAccount(username);
            if (account.Length != username.Length)
            {
                return account;
            }
        }

        return username;
    }
}
