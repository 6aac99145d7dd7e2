using System;
using System.Linq;

namespace Stack.Signaling.Server;

/// <summary>Finds what does not go together in options, before anything is opened.</summary>
internal static class OptionsCheck
{
    private const int MinTokenLength = 16;

    /// <exception cref="ArgumentException">The options contradict each other; the message says how.</exception>
    public static void Check(SignalingServerOptions options)
    {
        if (options.Listen.Count == 0)
        {
            throw new ArgumentException("There is nothing to listen on.", nameof(options));
        }

        if (options.Listen.Any(static listen => listen.UsesTls) && options.Certificate is not { HasPrivateKey: true })
        {
            throw new ArgumentException("Listening on https:// needs a certificate with its private key.", nameof(options));
        }

        if (options.ListingToken is { Length: < MinTokenLength })
        {
            throw new ArgumentException($"The token of the listing has at least {MinTokenLength} characters.", nameof(options));
        }

        if (options.RelaySecret.IsEmpty && options.RelayUris.Any(static uri => uri.IsTurn))
        {
            throw new ArgumentException("A TURN server for peers needs the secret that it checks their credentials with.", nameof(options));
        }

        if (!options.AllowedOrigins.All(static origin => origin == OriginPolicy.Everywhere || OriginPolicy.TryNormalize(origin, out _, out _)))
        {
            throw new ArgumentException("An origin is written https://example.org or https://example.org:8443, or * for all.", nameof(options));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(options.RelayCredentialLifetime, TimeSpan.FromMinutes(1), nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.PendingConnectionsPerAddress, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.PingInterval, TimeSpan.Zero, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.PongTimeout, TimeSpan.Zero, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.CloseTimeout, TimeSpan.Zero, nameof(options));
    }

    /// <exception cref="ArgumentException">Something changed that needs a new server.</exception>
    public static void CheckChange(SignalingServerOptions old, SignalingServerOptions @new)
    {
        bool isSame = old.Listen.SequenceEqual(@new.Listen)
            && Equals(old.Redis?.ToString(), @new.Redis?.ToString())
            && old.Limits == @new.Limits
            && old.PendingConnectionsPerAddress == @new.PendingConnectionsPerAddress
            && old.PingInterval == @new.PingInterval
            && old.PongTimeout == @new.PongTimeout
            && old.CloseTimeout == @new.CloseTimeout
            && ReferenceEquals(old.TimeProvider, @new.TimeProvider);
        if (!isSame)
        {
            throw new ArgumentException("Endpoints, store, limits, times and clock need a new server.", nameof(@new));
        }
    }
}
