using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using System.Text;
using Stack.Stun;

namespace Stack.Turn.Tests;

/// <summary>Users with passwords; an account is what stands in front of a plus sign.</summary>
internal sealed class TestUsers : ICredentialSource
{
    private readonly Dictionary<string, string> _passwords = new(StringComparer.Ordinal)
    {
        ["alice"] = "secret of alice",
        ["bob"] = "secret of bob",
    };

    /// <summary>How often a key was asked for.</summary>
    public int Lookups { get; private set; }

    /// <summary>How often another key was asked for; nobody here has one.</summary>
    public int OtherLookups { get; private set; }

    public void Set(string username, string password) => _passwords[username] = password;

    public void Remove(string username) => _passwords.Remove(username);

    public string PasswordOf(string username) => _passwords.GetValueOrDefault(username, "nobody's");

    public bool TryGetKey(ReadOnlySpan<byte> username, string realm, StunPasswordAlgorithm algorithm, Span<byte> key, out int length)
    {
        Lookups++;
        length = 0;
        string name = Encoding.UTF8.GetString(username);
        if (!_passwords.TryGetValue(name, out string? password))
        {
            return false;
        }

        byte[] derived = KeyOf(name, password, realm, algorithm);
        derived.CopyTo(key);
        length = derived.Length;
        return true;
    }

    public bool TryGetOtherKey(
        int index, ReadOnlySpan<byte> username, string realm, StunPasswordAlgorithm algorithm, Span<byte> key, out int length)
    {
        OtherLookups++;
        length = 0;
        return false;
    }

    public bool TryFindUser(ReadOnlySpan<byte> userhash, string realm, Span<byte> username, out int length)
    {
        length = 0;
        Span<byte> hash = stackalloc byte[Userhash.Size];
        foreach (string name in _passwords.Keys)
        {
            Userhash.Compute(name, realm, hash);
            if (hash.SequenceEqual(userhash))
            {
                length = Encoding.UTF8.GetBytes(name, username);
                return true;
            }
        }

        return false;
    }

    public ReadOnlySpan<byte> GetAccount(ReadOnlySpan<byte> username)
        => username.IndexOf((byte)'+') is >= 0 and int end ? username[..end] : username;

    public static byte[] KeyOf(string username, string password, string realm, StunPasswordAlgorithm algorithm)
    {
        byte[] text = Encoding.UTF8.GetBytes($"{username}:{realm}:{password}");
#pragma warning disable CA5351 // RFC 8489 section 18.5.1 asks for it.
        return algorithm == StunPasswordAlgorithm.Sha256 ? SHA256.HashData(text) : MD5.HashData(text);
#pragma warning restore CA5351
    }
}
