using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>
/// Users that are known beforehand, for one realm. Their keys are derived when it is made; passwords are not kept. Safe for concurrent use;
/// a lookup allocates nothing.
/// </summary>
public sealed class StaticCredentialSource : ICredentialSource, IDisposable
{
    private readonly Dictionary<byte[], Keys> _byName = new(OctetComparer.Instance);
    private readonly Dictionary<byte[], Keys> _byUserhash = new(OctetComparer.Instance);
    private volatile bool _disposed;

    /// <summary>Derives the keys.</summary>
    /// <param name="realm">The realm, 1 to 127 characters. Lookups for another find nobody.</param>
    /// <param name="users">The users; each name once.</param>
    /// <exception cref="ArgumentException">
    /// The realm is empty, too long or has characters that OpaqueString does not allow, or two users have the same name.
    /// </exception>
    public StaticCredentialSource(string realm, IEnumerable<StaticUser> users)
    {
        ArgumentException.ThrowIfNullOrEmpty(realm);
        ArgumentNullException.ThrowIfNull(users);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(realm.Length, 127, nameof(realm));
        if (!OpaqueString.TryPrepare(realm, out string? prepared, out StringPreparationStatus status))
        {
            throw new ArgumentException($"The realm cannot be used in a credential: {status}.", nameof(realm));
        }

        Realm = realm;
        foreach (StaticUser user in users)
        {
            Add(user, prepared);
        }
    }

    /// <summary>The realm that the keys are for.</summary>
    public string Realm { get; }

    /// <summary>How many users there are.</summary>
    public int Count => _byName.Count;

    /// <inheritdoc/>
    public bool TryGetKey(ReadOnlySpan<byte> username, string realm, StunPasswordAlgorithm algorithm, Span<byte> key, out int length)
    {
        length = 0;
        if (realm != Realm || !_byName.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(username, out Keys? keys))
        {
            return false;
        }

        byte[]? found = algorithm switch
        {
            StunPasswordAlgorithm.Md5 => keys.Md5,
            StunPasswordAlgorithm.Sha256 => keys.Sha256,
            _ => null,
        };
        if (found is null)
        {
            return false;
        }

        found.CopyTo(key);

        // Keys are erased only once this is set: what was copied while it was not is whole, and anybody could use an erased one.
        Interlocked.MemoryBarrier();
        if (_disposed)
        {
            CryptographicOperations.ZeroMemory(key[..found.Length]);
            return false;
        }

        length = found.Length;
        return true;
    }

    /// <inheritdoc/>
    public bool TryFindUser(ReadOnlySpan<byte> userhash, string realm, Span<byte> username, out int length)
    {
        length = 0;
        if (_disposed || realm != Realm || !_byUserhash.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(userhash, out Keys? keys))
        {
            return false;
        }

        keys.Name.CopyTo(username);
        length = keys.Name.Length;
        return true;
    }

    /// <summary>Erases the keys; from then on there is nobody.</summary>
    public void Dispose()
    {
        _disposed = true;
        Interlocked.MemoryBarrier();
        foreach (Keys keys in _byName.Values)
        {
            CryptographicOperations.ZeroMemory(keys.Md5);
            CryptographicOperations.ZeroMemory(keys.Sha256);
        }
    }

    /// <summary>The realm and the number of users.</summary>
    public override string ToString() => $"{Realm}: {Count} users";

    private void Add(StaticUser user, string realm)
    {
        byte[] name = Encoding.UTF8.GetBytes(user.Name);
        var keys = new Keys(name, user.CreateKey(realm, StunPasswordAlgorithm.Md5), user.CreateKey(realm, StunPasswordAlgorithm.Sha256));
        if (!_byName.TryAdd(name, keys))
        {
            throw new ArgumentException($"There are two users with the name {user.Name}.", nameof(user));
        }

        byte[] userhash = new byte[Userhash.Size];
        Userhash.Compute(user.Name, realm, userhash);
        _byUserhash.Add(userhash, keys);
    }

    private sealed class Keys(byte[] name, byte[]? md5, byte[]? sha256)
    {
        public byte[] Name { get; } = name;

        public byte[]? Md5 { get; } = md5;

        public byte[]? Sha256 { get; } = sha256;
    }
}
