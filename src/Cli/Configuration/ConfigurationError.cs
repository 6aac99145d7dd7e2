using System.Globalization;

namespace Stack.Cli;

/// <summary>What is wrong with a configuration, and where. Never shows a value: it may be a secret.</summary>
/// <param name="File">The file.</param>
/// <param name="Line">The line, from 1; 0 for the file as a whole.</param>
/// <param name="Key">The key, with a dot before that of an inner object; empty where none is concerned.</param>
/// <param name="Message">What is wrong, and what would be right.</param>
internal sealed record ConfigurationError(string File, int Line, string Key, string Message)
{
    /// <summary><c>FILE:LINE: KEY: MESSAGE</c>, in one line, escaped.</summary>
    public override string ToString()
    {
        string where = Line == 0 ? File : string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}");
        return SafeText.Escape(Key.Length == 0 ? $"{where}: {Message}" : $"{where}: {SafeText.Shorten(Key)}: {Message}");
    }
}
