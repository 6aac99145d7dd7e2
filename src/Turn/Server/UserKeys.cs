using System;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>
/// The keys of a credential source, one at a time. An unknown user gets a key that nobody has, so that he costs what a wrong password costs and
/// time does not tell which names exist.
/// </summary>
internal sealed class UserKeys : ILongTermKeys, IDisposable
{
    private const int MaxUsername = 508;

    private readonly ICredentialSource _source;
    private readonly string _realm;
    private readonly PreparedKeys _prepared = new();
    private readonly byte[] _nobody = new byte[ICredentialSource.MaxKeySize];
    private readonly byte[] _username = new byte[MaxUsername];
    private int _usernameLength;

    public UserKeys(ICredentialSource source, string realm, RandomNumberGenerator random)
    {
        _source = source;
        _realm = realm;
        random.GetBytes(_nobody);
    }

    /// <summary>Which key of the user is asked for: 0 for his first.</summary>
    public int Index
    {
        get;
        set
        {
            field = value;
            IsKnown = false;
        }
    }

    /// <summary>Whether the user who was looked up last has a key of that index.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>The name of the user who was looked up last, by whatever attribute.</summary>
    public ReadOnlySpan<byte> Username => _username.AsSpan(0, _usernameLength);

    public bool TryGetKey(ReadOnlySpan<byte> username, StunPasswordAlgorithm algorithm, [NotNullWhen(true)] out IntegrityKey? key)
    {
        key = Find(username, username, algorithm);
        return true;
    }

    public bool TryGetKeyByUserhash(ReadOnlySpan<byte> userhash, StunPasswordAlgorithm algorithm, [NotNullWhen(true)] out IntegrityKey? key)
    {
        Span<byte> username = stackalloc byte[MaxUsername];
        bool known = _source.TryFindUser(userhash, _realm, username, out int length);
        key = Find(known ? username[..length] : default, userhash, algorithm);
        return true;
    }

    public void Dispose() => _prepared.Dispose();

    // Prepared under what was asked for: the hashes that nobody has must not share what any of them prepared.
    private IntegrityKey Find(scoped ReadOnlySpan<byte> username, scoped ReadOnlySpan<byte> asked, StunPasswordAlgorithm algorithm)
    {
        Span<byte> value = stackalloc byte[ICredentialSource.MaxKeySize];
        IsKnown = TryGetKey(username, algorithm, value, out int length);
        if (!IsKnown)
        {
            _nobody.CopyTo(value);
            length = algorithm == StunPasswordAlgorithm.Sha256 ? 32 : 16;
        }

        _usernameLength = Math.Min(username.Length, MaxUsername);
        username[.._usernameLength].CopyTo(_username);
        IntegrityKey key = _prepared.Get(asked, Index, value[..length]);
        CryptographicOperations.ZeroMemory(value);
        return key;
    }

    private bool TryGetKey(ReadOnlySpan<byte> username, StunPasswordAlgorithm algorithm, Span<byte> value, out int length)
    {
        length = 0;
        return username.Length is > 0 and <= MaxUsername
            && (Index == 0
                ? _source.TryGetKey(username, _realm, algorithm, value, out length)
                : _source.TryGetOtherKey(Index, username, _realm, algorithm, value, out length));
    }
}
