using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Stack.Stun;
using Stack.Turn;

namespace Stack.Cli;

/// <summary>What a configuration names but does not hold: secrets, users, certificates.</summary>
/// <param name="folder">The folder that relative paths start from.</param>
internal sealed class ConfigurationFiles(string folder)
{
    private const int NonceKeySize = 32;
    private const int MaxRealmLength = 127;

    public string GetPath(ConfigurationValue value)
    {
        string path = value.ReadText();
        return path.Contains('\0', StringComparison.Ordinal) ? throw value.Error("this is no path") : Path.GetFullPath(path, folder);
    }

    public static string ReadRealm(ConfigurationValue value)
    {
        string realm = value.ReadText();
        return realm.Length <= MaxRealmLength && OpaqueString.TryPrepare(realm, out _, out _)
            ? realm
            : throw value.Error("a realm has at most 127 characters and no control characters");
    }

    public List<StaticUser> ReadUsers(ConfigurationValue value)
    {
        string path = GetPath(value);
        return UserText.ParseFile(ReadSecret(value, path, UserText.MaxFileSize), path, value.Key);
    }

    public List<byte[]> ReadAuthSecrets(ConfigurationValue value)
    {
        List<byte[]> secrets = [];
        foreach (ConfigurationValue one in value.ReadList())
        {
            byte[] secret = Encoding.UTF8.GetBytes(ReadSecret(one, GetPath(one), maxSize: 4096));
            try
            {
                // It judges them all, so that what is wrong with one is said at its line.
                secrets.Add(secret);
                new ExpiringCredentialSource(secrets, static () => DateTimeOffset.UnixEpoch).Dispose();
            }
            catch (ArgumentException error)
            {
                throw one.Error(error.Message.Split(" (Parameter", 2)[0]);
            }
        }

        return secrets;
    }

    public string ReadToken(ConfigurationValue value) => ReadSecret(value, GetPath(value), maxSize: 4096);

    public byte[] ReadNonceKey(ConfigurationValue value)
    {
        string text = ReadSecret(value, GetPath(value), maxSize: 4096);
        return text.Length == 2 * NonceKeySize && text.All(char.IsAsciiHexDigit)
            ? Convert.FromHexString(text)
            : throw value.Error("the file holds 64 hexadecimal digits; make them with a generator");
    }

    /// <summary>Reads a certificate and its key, to see whether they have changed since.</summary>
    public static string Digest(ConfigurationValue root, string certificate, string? key)
        => CertificateDigest.TryCompute(certificate, key, out string digest, out string problem)
            ? digest
            : throw (root.Members.Find(member => member.Name == "cert").Value ?? root).Error(problem);

    private static string ReadSecret(ConfigurationValue value, string path, int maxSize)
    {
        try
        {
            return SecretFile.Read(path, value.Key, maxSize);
        }
        catch (CommandException error)
        {
            // It names the key itself.
            throw value.Error(error.Failure.Message[(value.Key.Length + 2)..].TrimEnd('.'));
        }
    }
}
