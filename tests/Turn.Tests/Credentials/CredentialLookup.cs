using System;
using System.Collections.Generic;
using System.Text;
using Stack.Stun;

namespace Stack.Turn.Tests;

internal static class CredentialLookup
{
    public const string Realm = "example.org";

    public static string? Md5(this ICredentialSource source, string username, string realm = Realm)
        => source.Key(Encoding.UTF8.GetBytes(username), StunPasswordAlgorithm.Md5, realm);

    public static string? Sha256(this ICredentialSource source, string username, string realm = Realm)
        => source.Key(Encoding.UTF8.GetBytes(username), StunPasswordAlgorithm.Sha256, realm);

    public static string? Key(this ICredentialSource source, byte[] username, StunPasswordAlgorithm algorithm, string realm = Realm)
    {
        byte[] key = new byte[ICredentialSource.MaxKeySize];
        bool found = source.TryGetKey(username, realm, algorithm, key, out int length);
        return found ? Convert.ToHexStringLower(key.AsSpan(0, length)) : length == 0 ? null : throw new InvalidOperationException("A key was left.");
    }

    public static List<string> AllKeys(this ICredentialSource source, string username)
    {
        byte[] name = Encoding.UTF8.GetBytes(username);
        List<string> keys = [];
        if (source.Md5(username) is { } first)
        {
            keys.Add(first);
        }

        byte[] key = new byte[ICredentialSource.MaxKeySize];
        for (int i = 1; source.TryGetOtherKey(i, name, Realm, StunPasswordAlgorithm.Md5, key, out int length); i++)
        {
            keys.Add(Convert.ToHexStringLower(key.AsSpan(0, length)));
        }

        return keys;
    }

    public static string? UserOf(this ICredentialSource source, string userhash, string realm = Realm)
    {
        byte[] name = new byte[508];
        return source.TryFindUser(Convert.FromHexString(userhash), realm, name, out int length) ? Encoding.UTF8.GetString(name, 0, length) : null;
    }

    public static string AccountOf(this ICredentialSource source, string username)
        => Encoding.UTF8.GetString(source.GetAccount(Encoding.UTF8.GetBytes(username)));
}
