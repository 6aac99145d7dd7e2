using System;

namespace Stack.Stun;

/// <summary>Prepares the parts of a credential, or says which one cannot be.</summary>
internal static class PreparedText
{
    public static string Prepare(string text, CredentialPreparation preparation, string parameterName)
    {
        if (text.Length == 0)
        {
            throw new ArgumentException("A credential has no empty parts.", parameterName);
        }

        if (!TryPrepare(text, preparation, out string prepared))
        {
            // The text may be a password: it stays out of the message.
            throw new ArgumentException($"The text has characters that {preparation} does not allow.", parameterName);
        }

        return prepared;
    }

    public static bool TryPrepare(string text, CredentialPreparation preparation, out string prepared)
    {
        string? result = text;
        bool valid = preparation switch
        {
            CredentialPreparation.OpaqueString => OpaqueString.TryPrepare(text, out result, out _),
            CredentialPreparation.SaslPrep => SaslPrep.TryPrepareQuery(text, out result, out _),
            _ => true,
        };
        prepared = result ?? "";
        return valid;
    }
}
