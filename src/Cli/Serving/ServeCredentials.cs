using System;
using System.Collections.Generic;
using Stack.Turn;

namespace Stack.Cli;

/// <summary>The users of a configuration as a credential source, which it owns.</summary>
internal sealed class ServeCredentials : IDisposable
{
    private readonly List<IDisposable> _owned = [];

    public ServeCredentials(ServeConfiguration configuration, TimeProvider time)
    {
        List<ICredentialSource> sources = [];
        if (configuration.Users.Count != 0)
        {
            Add(sources, new StaticCredentialSource(configuration.Realm!, configuration.Users));
        }

        if (configuration.AuthSecrets.Count != 0)
        {
            Add(sources, new ExpiringCredentialSource(configuration.AuthSecrets, time.GetUtcNow, configuration.AuthSecretHash));
        }

        Source = sources.Count switch
        {
            0 => null,
            1 => sources[0],
            _ => new CombinedCredentialSource(sources),
        };
    }

    /// <summary>The source; null where there are no users.</summary>
    public ICredentialSource? Source { get; }

    public void Dispose() => _owned.ForEach(source => source.Dispose());

    private void Add<T>(List<ICredentialSource> sources, T source)
        where T : ICredentialSource, IDisposable
    {
        sources.Add(source);
        _owned.Add(source);
    }
}
