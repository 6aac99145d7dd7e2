using System;
using System.Collections.Generic;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Stack.Stun;
using Stack.Turn;

namespace Stack.Signaling.Server;

/// <summary>The relay credentials of peers: made for each by the secret that the TURN servers check.</summary>
internal sealed class IssuedRelays : IRelayCredentials
{
    private readonly TimeProvider _time;
    private volatile Settings _settings;

    /// <param name="options">Servers and secret.</param>
    /// <exception cref="ArgumentException">They do not go together; the message says how.</exception>
    public IssuedRelays(SignalingServerOptions options)
    {
        _time = options.TimeProvider;
        _settings = Settings.Create(options);
    }

    /// <summary>Goes by other options from now on.</summary>
    /// <param name="options">Servers and secret.</param>
    public void Reconfigure(SignalingServerOptions options) => _settings = Settings.Create(options);

    /// <inheritdoc/>
    public RelayServers Issue(string session, SessionPeer peer)
    {
        Settings settings = _settings;
        if (settings.TurnUris.Count == 0)
        {
            return settings.StunUris.Count == 0 ? RelayServers.None : new RelayServers([new RelayServer(settings.StunUris)]);
        }

        DateTimeOffset expires = _time.GetUtcNow() + settings.Lifetime;
        ExpiringCredential credential = ExpiringCredential.Create(settings.Secret, GetUser(settings, session, peer.Id), expires, settings.Hash);
        var turn = new RelayServer(settings.TurnUris, credential.Username, credential.Password);
        return new RelayServers(
            settings.StunUris.Count == 0 ? [turn] : [new RelayServer(settings.StunUris), turn],
            settings.Lifetime,
            credential.Expires);
    }

    // The TURN server's quotas count by user: peers with the same number in other sessions are others. The session's name itself is a secret.
    private static string GetUser(Settings settings, string session, int id)
    {
        const int Size = 6;
        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(settings.Secret, Encoding.UTF8.GetBytes(session), digest);
        return string.Create(CultureInfo.InvariantCulture, $"{id}-{Convert.ToHexStringLower(digest[..Size])}");
    }

    private sealed record Settings(
        IReadOnlyList<string> StunUris,
        IReadOnlyList<string> TurnUris,
        byte[] Secret,
        ExpiringPasswordHash Hash,
        TimeSpan Lifetime)
    {
        public static Settings Create(SignalingServerOptions options)
        {
            List<string> stun = [];
            List<string> turn = [];
            foreach (StunUri uri in options.RelayUris)
            {
                (uri.IsTurn ? turn : stun).Add(uri.ToString());
            }

            var settings = new Settings(stun, turn, options.RelaySecret.ToArray(), options.RelaySecretHash, options.RelayCredentialLifetime);
            if (turn.Count != 0)
            {
                // It says what is wrong with the secret before the first peer comes.
                ExpiringCredential.Create(settings.Secret, "", DateTimeOffset.UnixEpoch, settings.Hash);
            }

            return settings;
        }
    }
}
