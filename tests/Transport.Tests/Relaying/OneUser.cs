using System;
using System.Text;
using Stack.Stun;
using Stack.Turn;

namespace Stack.Transport.Tests;

/// <summary>One user and his password. Asking for the user "fault" is a defect.</summary>
internal sealed class OneUser(string username = "u", string password = "p") : ICredentialSource
{
    public const string Fault = "fault";

    public bool TryGetKey(ReadOnlySpan<byte> name, string realm, StunPasswordAlgorithm algorithm, Span<byte> key, out int length)
    {
        length = 0;
        string asked = Encoding.UTF8.GetString(name);
        if (asked == Fault)
        {
            throw new InvalidOperationException("injected");
        }

        if (asked != username)
        {
            return false;
        }

        byte[] derived = LongTermCredential.DeriveKey(username, realm, password, algorithm);
        derived.CopyTo(key);
        length = derived.Length;
        return true;
    }
}
