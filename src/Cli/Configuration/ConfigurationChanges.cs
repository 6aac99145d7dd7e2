using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Security.Cryptography;
using Stack.Signaling.Server;
using Stack.Turn;

namespace Stack.Cli;

/// <summary>What a reload changes, said without secrets.</summary>
/// <param name="Lines">A line for each thing that changes, in no need of escaping; empty where nothing does.</param>
/// <param name="Restart">The keys whose change needs a restart: where there are any, nothing may be changed at all.</param>
internal sealed record ConfigurationChanges(IReadOnlyList<string> Lines, IReadOnlyList<string> Restart)
{
    private const int MaxNames = 20;

    /// <summary>Why nothing is changed; null where the changes may be made.</summary>
    public string? Refusal => Restart.Count == 0
        ? null
        : $"nothing was changed: {string.Join(", ", Restart)} {(Restart.Count == 1 ? "needs" : "need")} a restart";

    /// <summary>Compares two configurations.</summary>
    /// <param name="old">The one in use.</param>
    /// <param name="new">The one to come.</param>
    public static ConfigurationChanges Describe(ServeConfiguration old, ServeConfiguration @new)
    {
        List<string> lines = [];
        AddUsers(lines, old.Users, @new.Users);
        AddSecrets(lines, old, @new);
        AddList(lines, "allow-peer", old.AllowPeers, @new.AllowPeers);
        AddList(lines, "deny-peer", old.DenyPeers, @new.DenyPeers);
        AddList(lines, "allow-peer-ports", old.AllowPeerPorts.Select(Show), @new.AllowPeerPorts.Select(Show));
        AddList(lines, "alternate-servers", old.AlternateServers.Select(Show), @new.AlternateServers.Select(Show));
        foreach (FlagKey flag in FlagKey.All)
        {
            AddValue(lines, flag.Name, flag.Get(old) ? "true" : "false", flag.Get(@new) ? "true" : "false");
        }

        AddLimits(lines, "limits.", LimitKeys.Relaying, old.Limits, @new.Limits);
        AddLimits(lines, "connections.", LimitKeys.Connections, old.Connections, @new.Connections);

        AddValue(lines, "limits.replies-per-second", Show(old.Replies?.PerSecond ?? 0), Show(@new.Replies?.PerSecond ?? 0));
        AddValue(lines, "limits.reply-burst", Show(old.Replies?.Burst ?? 0), Show(@new.Replies?.Burst ?? 0));
        AddValue(lines, "limits.replies-per-second-in-all", Show(old.Replies?.GlobalPerSecond ?? 0), Show(@new.Replies?.GlobalPerSecond ?? 0));
        AddList(lines, "signal-origin", old.Signal.Origins, @new.Signal.Origins);
        AddList(lines, "signal-relay", old.Signal.Relays, @new.Signal.Relays);
        if (old.Signal.Token != @new.Signal.Token)
        {
            lines.Add("signal-token-file: another token");
        }

        AddValue(lines, "software", old.Software ?? "none", @new.Software ?? "none");
        AddValue(lines, "drain-seconds", Show((decimal)old.Drain.TotalSeconds), Show((decimal)@new.Drain.TotalSeconds));
        AddValue(lines, "log.format", old.Log.Format.ToString(), @new.Log.Format.ToString());
        AddValue(lines, "log.level", old.Log.Level.ToString(), @new.Log.Level.ToString());
        AddCertificate(lines, old, @new);
        return new ConfigurationChanges(lines, FindRestart(old, @new));
    }

    private static List<string> FindRestart(ServeConfiguration old, ServeConfiguration @new)
    {
        List<string> keys = [];
        void Check(string key, bool isSame)
        {
            if (!isSame)
            {
                keys.Add(key);
            }
        }

        Check("listen", old.Listen.SequenceEqual(@new.Listen));
        Check("relay-address", old.RelayAddresses.SequenceEqual(@new.RelayAddresses));
        Check("external-address", old.ExternalAddresses.SequenceEqual(@new.ExternalAddresses));
        Check("realm", old.Realm == @new.Realm);
        Check("alternate", Equals(old.Alternate, @new.Alternate));
        Check("shards", old.Shards == @new.Shards);
        Check("nonce-key-file", IsSame(old.NonceKey ?? [], @new.NonceKey ?? []));
        Check("signal", old.Signal.Listen.SequenceEqual(@new.Signal.Listen));
        Check("signal-redis", IsSame(old.Signal.Redis, @new.Signal.Redis));
        Check("signal-limits", old.Signal.Limits == @new.Signal.Limits);
        Check("log.file", old.Log.File == @new.Log.File);

        // Without anybody who may relay, a server has no relay sockets to begin with.
        Check("user", old.HasCredentials == @new.HasCredentials);
        return keys;
    }

    private static void AddUsers(List<string> lines, IReadOnlyList<StaticUser> old, IReadOnlyList<StaticUser> @new)
    {
        Dictionary<string, StaticUser> before = old.ToDictionary(user => user.Name, StringComparer.Ordinal);
        Dictionary<string, StaticUser> after = @new.ToDictionary(user => user.Name, StringComparer.Ordinal);
        AddNames(lines, "users added", after.Keys.Where(name => !before.ContainsKey(name)));
        AddNames(lines, "users removed", before.Keys.Where(name => !after.ContainsKey(name)));
        AddNames(
            lines,
            "users changed",
            after.Values.Where(user => before.TryGetValue(user.Name, out StaticUser? same) && !user.HasSameCredential(same)).Select(user => user.Name));
    }

    private static void AddSecrets(List<string> lines, ServeConfiguration old, ServeConfiguration @new)
    {
        if (old.AuthSecrets.Count != @new.AuthSecrets.Count || !old.AuthSecrets.Zip(@new.AuthSecrets).All(pair => IsSame(pair.First, pair.Second)))
        {
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"auth-secret-file: other secrets, {old.AuthSecrets.Count} -> {@new.AuthSecrets.Count}"));
        }

        AddValue(lines, "auth-secret-hash", old.AuthSecretHash.ToString(), @new.AuthSecretHash.ToString());
    }

    private static void AddCertificate(List<string> lines, ServeConfiguration old, ServeConfiguration @new)
    {
        AddValue(lines, "cert", old.Certificate ?? "none", @new.Certificate ?? "none");
        AddValue(lines, "key", old.CertificateKey ?? "none", @new.CertificateKey ?? "none");
        if (old.CertificateDigest != @new.CertificateDigest && old.Certificate == @new.Certificate && old.CertificateKey == @new.CertificateKey)
        {
            lines.Add("cert: another certificate in the same file");
        }
    }

    private static void AddList<T>(List<string> lines, string key, IEnumerable<T> old, IEnumerable<T> @new)
        where T : notnull
    {
        List<T> before = [.. old];
        List<T> after = [.. @new];
        AddNames(lines, key + " added", after.Except(before).Select(one => one.ToString() ?? ""));
        AddNames(lines, key + " removed", before.Except(after).Select(one => one.ToString() ?? ""));
        if (!before.SequenceEqual(after) && before.Order(Comparer<T>.Create(Compare)).SequenceEqual(after.Order(Comparer<T>.Create(Compare))))
        {
            lines.Add($"{key}: another order");
        }
    }

    private static int Compare<T>(T left, T right) => string.CompareOrdinal(left?.ToString(), right?.ToString());

    private static void AddLimits<TLimits>(List<string> lines, string prefix, IReadOnlyList<LimitKey<TLimits>> keys, TLimits old, TLimits @new)
    {
        foreach (LimitKey<TLimits> key in keys)
        {
            AddValue(lines, prefix + key.Name, Show(key.Get(old)), Show(key.Get(@new)));
        }
    }

    private static void AddNames(List<string> lines, string what, IEnumerable<string> names)
    {
        List<string> all = [.. names];
        if (all.Count != 0)
        {
            string shown = string.Join(", ", all.Take(MaxNames).Select(SafeText.Of));
            lines.Add(all.Count <= MaxNames
                ? $"{what}: {shown}"
                : string.Create(CultureInfo.InvariantCulture, $"{what}: {shown} and {all.Count - MaxNames} more"));
        }
    }

    private static void AddValue(List<string> lines, string key, string old, string @new)
    {
        if (old != @new)
        {
            lines.Add($"{key}: {SafeText.Of(old)} -> {SafeText.Of(@new)}");
        }
    }

    private static bool IsSame(RedisEndPoint? left, RedisEndPoint? right)
        => left?.ToString() == right?.ToString() && left?.User == right?.User && left?.Password == right?.Password;

    private static bool IsSame(byte[] left, byte[] right) => CryptographicOperations.FixedTimeEquals(left, right);

    private static string Show(decimal value) => value.ToString("0.###", CultureInfo.InvariantCulture);

    private static string Show(PortRange range) => string.Create(CultureInfo.InvariantCulture, $"{range.First}-{range.Last}");

    private static string Show(AlternateServer server) => server.Domain is null ? $"{server.Address}" : $"{server.Address} ({server.Domain})";
}
