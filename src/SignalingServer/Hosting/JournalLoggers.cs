using System;
using Microsoft.Extensions.Logging;
using Stack.Transport;

namespace Stack.Signaling.Server;

/// <summary>Takes what the web server says about itself into the server's own log: warnings and errors, which are not about one client's mistakes.</summary>
internal sealed class JournalLoggers(ServerJournal journal) : ILoggerFactory, ILogger
{
    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => this;

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning && logLevel != LogLevel.None;

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        ServerLogLevel level = logLevel == LogLevel.Warning ? ServerLogLevel.Warning : ServerLogLevel.Error;
        journal.Write(new ServerLogRecord(level, "http", "The web server has something to say.")
        {
            Fields = exception is null
                ? [new("what", formatter(state, exception))]
                : [new("what", formatter(state, exception)), new("error", exception.ToString())],
        });
    }
}
