using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
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
    private const int MaxCertificateSize = 1024 * 1024;

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

    public byte[] ReadNonceKey(ConfigurationValue value)
    {
        string text = ReadSecret(value, GetPath(value), maxSize: 4096);
        return text.Length == 2 * NonceKeySize && text.All(char.IsAsciiHexDigit)
            ? Convert.FromHexString(text)
            : throw value.Error("the file holds 64 hexadecimal digits; make them with a generator");
    }

    /// <summary>Reads a certificate and its key, to see whether they have changed since.</summary>
    public static string Digest(ConfigurationValue root, string certificate, string? key)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach ((string name, string? path) in new[] { ("cert", certificate), ("key", key) })
        {
            if (path is not null)
            {
                Append(hash, root.Members.Find(member => member.Name == name).Value, path);
            }
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, ConfigurationValue value, string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            byte[] buffer = new byte[MaxCertificateSize + 1];
            int length = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            if (length is 0 or > MaxCertificateSize)
            {
                throw value.Error("the file is empty or too large");
            }

            hash.AppendData(buffer.AsSpan(0, length));
            CryptographicOperations.ZeroMemory(buffer);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw value.Error($"the file cannot be read ({fault.GetType().Name})");
        }
    }

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
