using System;

namespace Stack.Cli;

/// <summary>Ends the reading of a configuration.</summary>
internal sealed class ConfigurationException(ConfigurationError error) : Exception(error.Message)
{
    public ConfigurationError Error { get; } = error;
}
