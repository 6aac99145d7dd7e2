using System;
using System.IO;
using System.Text;

namespace Stack.Cli;

/// <summary>A file that holds a secret: of its owner alone, not empty, and small.</summary>
internal static class SecretFile
{
    private const int MaxSize = 4096;
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Reads the secret; one line feed at the end is not part of it.</summary>
    public static string Read(string path, string option) => Read(path, option, MaxSize);

    /// <summary>Reads a list of secrets.</summary>
    public static string Read(string path, string option, int maxSize)
    {
        try
        {
            if (Directory.Exists(path))
            {
                throw Refuse(option, path, "is a directory");
            }

            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);

            // The open file is asked, not the name, which could mean another file by now.
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file.SafeFileHandle) & Others) != UnixFileMode.None)
            {
                throw Refuse(option, path, "can be read or changed by others", "chmod 600 makes it yours alone.");
            }

            byte[] bytes = new byte[maxSize + 1];
            int length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return Decode(bytes.AsSpan(0, length), path, option, maxSize);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw Refuse(option, path, $"cannot be read ({error.GetType().Name})");
        }
    }

    /// <summary>Whether others than the owner may read the file.</summary>
    public static bool IsOpenToOthers(string path)
    {
        try
        {
            return !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Others) != UnixFileMode.None;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string Decode(Span<byte> bytes, string path, string option, int maxSize)
    {
        if (bytes.Length > maxSize)
        {
            throw Refuse(option, path, $"has more than {maxSize} bytes");
        }

        if (bytes is [.., (byte)'\n'])
        {
            bytes = bytes[..^1];
            bytes = bytes is [.., (byte)'\r'] ? bytes[..^1] : bytes;
        }

        if (bytes.IsEmpty)
        {
            throw Refuse(option, path, "is empty");
        }

        try
        {
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw Refuse(option, path, "is not UTF-8 text");
        }
        finally
        {
            bytes.Clear();
        }
    }

    private static CommandException Refuse(string option, string path, string why, string hint = "It holds the secret and nothing else, mode 600.")
        => CommandException.Usage($"{option}: {SafeText.Of(path)} {why}.", hint);
}
