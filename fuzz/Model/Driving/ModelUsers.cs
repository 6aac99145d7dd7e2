using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Stack.Stun;
using Stack.Turn;

namespace Stack.Fuzz.Model;

/// <summary>The users of a run as the server asks for them. Names of the form <c>expiry:name</c> share the account of the name.</summary>
internal sealed class ModelUsers(IReadOnlyList<ModelUser> users) : ICredentialSource
{
    public const string Realm = "example.org";

    /// <summary>Everybody that a run may know. The last one never is.</summary>
    public static readonly ModelUser[] Everybody =
    [
        Create("alice"), Create("bob", "the one before"), Create("1700000000:carol"), Create("1700000600:carol"), Create("dave", "old"), Create("nobody"),
    ];

    private readonly (byte[] Name, ModelUser User)[] _users = users.Select(static user => (Encoding.UTF8.GetBytes(user.Name), user)).ToArray();

    public bool TryGetKey(ReadOnlySpan<byte> username, string realm, StunPasswordAlgorithm algorithm, Span<byte> key, out int length)
        => TryGetOtherKey(0, username, realm, algorithm, key, out length);

    public bool TryGetOtherKey(
        int index, ReadOnlySpan<byte> username, string realm, StunPasswordAlgorithm algorithm, Span<byte> key, out int length)
    {
        length = 0;
        foreach ((byte[] name, ModelUser user) in _users)
        {
            byte[][] keys = algorithm == StunPasswordAlgorithm.Sha256 ? user.Sha256Keys : user.Md5Keys;
            if (username.SequenceEqual(name) && index < keys.Length)
            {
                keys[index].CopyTo(key);
                length = keys[index].Length;
                return true;
            }
        }

        return false;
    }

    public bool TryFindUser(ReadOnlySpan<byte> userhash, string realm, Span<byte> username, out int length)
    {
        length = 0;
        foreach ((byte[] name, ModelUser user) in _users)
        {
            if (userhash.SequenceEqual(user.Userhash))
            {
                name.CopyTo(username);
                length = name.Length;
                return true;
            }
        }

        return false;
    }

    public ReadOnlySpan<byte> GetAccount(ReadOnlySpan<byte> username) => username[(username.IndexOf((byte)':') + 1)..];

    private static ModelUser Create(string name, params string[] formerPasswords)
        => new(name, Realm, name[(name.IndexOf(':', StringComparison.Ordinal) + 1)..], ["secret of " + name, .. formerPasswords]);
}
