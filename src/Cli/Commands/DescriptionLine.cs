using System;
using System.IO;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Stack.Cli;

/// <summary>Reads the line that a person carries from the other side.</summary>
internal static class DescriptionLine
{
    private const int Longest = 65_536;

    /// <summary>Opens what it is read from; stays the caller's.</summary>
    public static StreamReader Open(Stream stream)
        => new(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, bufferSize: 4096, leaveOpen: true);

    /// <summary>The next line; null where there is none.</summary>
    /// <exception cref="CommandException">It is longer than 64 KiB.</exception>
    public static async Task<string?> ReadAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        char[] one = new char[1];
        while (await reader.ReadAsync(one.AsMemory(), cancellationToken).ConfigureAwait(false) != 0)
        {
            if (one[0] == '\n')
            {
                return line.ToString();
            }

            if (line.Length >= Longest)
            {
                throw CommandException.Usage("The other side's line is longer than 64 KiB.", "Paste the one line that the other side has printed.");
            }

            line.Append(one[0]);
        }

        return line.Length == 0 ? null : line.ToString();
    }
}
