using System;
using System.IO;
using System.Security.Cryptography;

namespace Stack.Cli;

/// <summary>Tells whether the files of a certificate have changed.</summary>
internal static class CertificateDigest
{
    private const int MaxSize = 1024 * 1024;

    /// <summary>Reads both files.</summary>
    /// <param name="certificate">The file with the certificate.</param>
    /// <param name="key">The file with its key; null where both are in one.</param>
    /// <param name="digest">What is other when one of them is.</param>
    /// <param name="problem">Why they cannot be read.</param>
    public static bool TryCompute(string certificate, string? key, out string digest, out string problem)
    {
        digest = "";
        problem = "";
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string? path in new[] { certificate, key })
        {
            if (path is not null && !TryAppend(hash, path, out problem))
            {
                return false;
            }
        }

        digest = Convert.ToHexString(hash.GetHashAndReset());
        return true;
    }

    private static bool TryAppend(IncrementalHash hash, string path, out string problem)
    {
        byte[] buffer = new byte[MaxSize + 1];
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            int length = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            problem = length is 0 or > MaxSize ? "the file is empty or too large" : "";
            hash.AppendData(buffer.AsSpan(0, length));
            return problem.Length == 0;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            problem = $"the file cannot be read ({fault.GetType().Name})";
            return false;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(buffer);
        }
    }
}
