using Stack.Transport;

namespace Stack.Cli;

/// <summary>What a log writes, how, and where.</summary>
internal sealed record LogSettings
{
    public LogFormat Format { get; init; } = LogFormat.Text;

    /// <summary>The least level that is written.</summary>
    public ServerLogLevel Level { get; init; } = ServerLogLevel.Information;

    /// <summary>The file; null for standard error.</summary>
    public string? File { get; init; }
}
