using System;
using System.Collections.Generic;
using System.Text;
using Stack.Stun;

namespace Stack.Cli;

/// <summary>
/// Checks the integrity attributes of a message with every key that can be made of what is known: the short-term key, and the long-term keys
/// of both algorithms, in each preparation.
/// </summary>
/// <param name="key">The key itself; null where it is not known.</param>
/// <param name="password">The password; null where it is not known.</param>
/// <param name="user">The user name; null for the message's.</param>
/// <param name="realm">The realm; null for the message's.</param>
internal sealed class IntegrityCheck(byte[]? key, string? password, string? user, string? realm)
{
    private static readonly CredentialPreparation[] Preparations =
        [CredentialPreparation.OpaqueString, CredentialPreparation.SaslPrep, CredentialPreparation.None];

    private static readonly StunPasswordAlgorithm[] Algorithms = [StunPasswordAlgorithm.Md5, StunPasswordAlgorithm.Sha256];

    /// <summary>The result in JSON's words: absent, unchecked, valid or invalid.</summary>
    public string Check(in StunMessage message)
    {
        if (!message.HasMessageIntegrity && !message.HasMessageIntegritySha256)
        {
            return "absent";
        }

        if (key is null && password is null)
        {
            return "unchecked";
        }

        foreach (IntegrityKey candidate in CreateKeys(message))
        {
            using (candidate)
            {
                bool sha1 = !message.HasMessageIntegrity || MessageIntegrity.Verify(message, candidate);
                bool sha256 = !message.HasMessageIntegritySha256
                    || MessageIntegritySha256.Verify(message, candidate, MessageIntegritySha256.MinSize);
                if (sha1 && sha256)
                {
                    return "valid";
                }
            }
        }

        return "invalid";
    }

    private List<IntegrityKey> CreateKeys(in StunMessage message)
    {
        var keys = new List<IntegrityKey>();
        if (key is not null)
        {
            keys.Add(new IntegrityKey(key));
        }

        if (password is null)
        {
            return keys;
        }

        string name = user ?? (message.ReadUsername(out ReadOnlySpan<byte> username) == StunAttributeStatus.Present ? Encoding.UTF8.GetString(username) : "");
        string? where = realm ?? (message.ReadRealm(out ReadOnlySpan<byte> value) == StunAttributeStatus.Present ? Encoding.UTF8.GetString(value) : null);
        foreach (CredentialPreparation preparation in Preparations)
        {
            // The name is not part of a short-term key, but has to be one that can be prepared.
            TryAdd(() => new ShortTermCredential("user", password, preparation).CreateKey());
            if (where is null || name.Length == 0)
            {
                continue;
            }

            foreach (StunPasswordAlgorithm algorithm in Algorithms)
            {
                TryAdd(() => new LongTermCredential(name, password, preparation).CreateKey(where, algorithm));
            }
        }

        return keys;

        void TryAdd(Func<IntegrityKey?> create)
        {
            try
            {
                if (create() is { } made)
                {
                    keys.Add(made);
                }
            }
            catch (ArgumentException)
            {
                // This preparation does not allow the text; another may.
            }
        }
    }
}
