using System;
using System.IO;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Stack.Cli;

/// <summary>The certificate of the TLS listeners, from its files.</summary>
internal sealed record ServeCertificate(X509Certificate2 Leaf, X509Certificate2Collection Chain)
{
    /// <summary>Reads the files that a configuration names.</summary>
    /// <returns>Null where it names none.</returns>
    /// <exception cref="CommandException">They cannot be read, or are open to others.</exception>
    public static ServeCertificate? Read(ServeConfiguration configuration)
    {
        if (configuration.Certificate is not { } cert)
        {
            return null;
        }

        string? key = configuration.CertificateKey;
        if (SecretFile.IsOpenToOthers(key ?? cert))
        {
            throw CommandException.Usage(
                $"The private key {SafeText.Of(key ?? cert)} can be read or changed by others.",
                "chmod 600 makes it yours alone.");
        }

        try
        {
            X509Certificate2 leaf = X509Certificate2.CreateFromPemFile(cert, key);
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(cert);
            return new ServeCertificate(leaf, chain);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw CommandException.Usage(
                $"The certificate or its key cannot be read from {SafeText.Of(cert)}{(key is null ? "" : " and " + SafeText.Of(key))}.",
                "Both are PEM files, the key without a password, and they belong together.");
        }
    }
}
