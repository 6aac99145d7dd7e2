using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using Stack.Stun;
using Stack.Transport;
using Stack.Turn;

namespace Stack.Cli;

/// <summary>
/// Reads the configuration of <c>stackcli serve</c>: JSON with the names of the flags. Anything that is not understood is an error with its file,
/// key and line; nothing is ignored. Paths in it are relative to the file that they stand in.
/// </summary>
internal sealed class ServeConfigurationReader
{
    private readonly bool _isOpenToOthers;
    private readonly ConfigurationFiles _files;
    private readonly SignalKeys _signalKeys;
    private ServeConfiguration _read;
    private ReplyRateLimit _replies;

    private ServeConfigurationReader(string folder, bool isOpenToOthers, ServeConfiguration start)
    {
        _isOpenToOthers = isOpenToOthers;
        _read = start;
        _replies = start.Replies ?? ReplyRateLimit.Default with { PerSecond = 0 };
        _files = new ConfigurationFiles(folder);
        _signalKeys = new SignalKeys(_files, isOpenToOthers);
    }

    /// <summary>Reads a file, and the files of secrets that it names.</summary>
    /// <param name="path">The file.</param>
    /// <param name="configuration">The configuration; what does not go together is found by <see cref="ServeConfiguration.FindConflict"/>.</param>
    /// <param name="error">What is wrong.</param>
    public static bool TryRead(
        string path,
        [NotNullWhen(true)] out ServeConfiguration? configuration,
        [NotNullWhen(false)] out ConfigurationError? error)
    {
        configuration = null;
        byte[] bytes;
        try
        {
            if (Directory.Exists(path))
            {
                error = new ConfigurationError(path, 0, "", "this is a directory");
                return false;
            }

            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            byte[] buffer = new byte[ConfigurationText.MaxSize + 1];
            bytes = buffer[..file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            error = new ConfigurationError(path, 0, "", $"the file cannot be read ({fault.GetType().Name})");
            return false;
        }

        return TryParse(bytes, path, SecretFile.IsOpenToOthers(path), new ServeConfiguration(), out configuration, out error);
    }

    /// <summary>Reads a text.</summary>
    /// <param name="bytes">The text, in UTF-8.</param>
    /// <param name="file">The file that it is from, for errors and relative paths.</param>
    /// <param name="isOpenToOthers">Whether others can read that file, which may then hold no secrets.</param>
    /// <param name="start">What the text is added to: its keys replace what is there, but that users are added.</param>
    /// <param name="configuration">The configuration.</param>
    /// <param name="error">What is wrong.</param>
    public static bool TryParse(
        ReadOnlySpan<byte> bytes,
        string file,
        bool isOpenToOthers,
        ServeConfiguration start,
        [NotNullWhen(true)] out ServeConfiguration? configuration,
        [NotNullWhen(false)] out ConfigurationError? error)
    {
        configuration = null;
        error = null;
        try
        {
            string folder = Path.GetDirectoryName(Path.GetFullPath(file)) ?? "/";
            var reader = new ServeConfigurationReader(folder, isOpenToOthers, start);
            configuration = reader.Read(ConfigurationText.Parse(bytes, file));
            return true;
        }
        catch (ConfigurationException fault)
        {
            error = fault.Error;
            return false;
        }
    }

    private ServeConfiguration Read(ConfigurationValue root)
    {
        foreach ((string name, ConfigurationValue value) in root.Members)
        {
            if (!TryReadFlag(name, value) && !TryReadAddresses(name, value) && !TryReadCredentials(name, value) && !TryReadSignal(name, value) && !TryReadRest(name, value))
            {
                throw value.Error("there is no such key");
            }
        }

        _read = _read with
        {
            Replies = _replies.PerSecond == 0 ? null : _replies,
            CertificateDigest = _read.Certificate is null ? "" : ConfigurationFiles.Digest(root, _read.Certificate, _read.CertificateKey),
        };
        return _read;
    }

    private bool TryReadFlag(string name, ConfigurationValue value)
    {
        foreach (FlagKey flag in FlagKey.All)
        {
            if (flag.Name == name)
            {
                _read = flag.Set(_read, value.ReadFlag());
                return true;
            }
        }

        return false;
    }

    private bool TryReadAddresses(string name, ConfigurationValue value)
    {
        switch (name)
        {
            case "listen":
                _read = _read with { Listen = AddressValues.ReadAll(value, AddressValues.ReadListen) };
                return true;
            case "relay-address":
                _read = _read with { RelayAddresses = AddressValues.ReadAll(value, AddressValues.ReadHost) };
                return true;
            case "external-address":
                _read = _read with { ExternalAddresses = AddressValues.ReadAll(value, AddressValues.ReadHost) };
                return true;
            case "allow-peer":
                _read = _read with { AllowPeers = AddressValues.ReadAll(value, AddressValues.ReadNetwork) };
                return true;
            case "deny-peer":
                _read = _read with { DenyPeers = AddressValues.ReadAll(value, AddressValues.ReadNetwork) };
                return true;
            case "allow-peer-ports":
                _read = _read with { AllowPeerPorts = AddressValues.ReadPorts(value) };
                return true;
            case "alternate":
                _read = _read with { Alternate = AddressValues.ReadOwnEndPoint(value).ToIPEndPoint() };
                return true;
            case "alternate-servers":
                _read = _read with { AlternateServers = AddressValues.ReadAlternateServers(value) };
                return true;
            default:
                return false;
        }
    }

    private bool TryReadCredentials(string name, ConfigurationValue value)
    {
        switch (name)
        {
            case "realm":
                _read = _read with { Realm = ConfigurationFiles.ReadRealm(value) };
                return true;
            case "user":
                AddUsers(value, ReadUsers(value));
                return true;
            case "users-file":
                AddUsers(value, _files.ReadUsers(value));
                return true;
            case "auth-secret-file":
                _read = _read with { AuthSecrets = _files.ReadAuthSecrets(value) };
                return true;
            case "auth-secret-hash":
                _read = _read with
                {
                    AuthSecretHash = value.ReadText() switch
                    {
                        "sha1" => ExpiringPasswordHash.Sha1,
                        "sha256" => ExpiringPasswordHash.Sha256,
                        _ => throw value.Error("this is sha1 or sha256"),
                    },
                };
                return true;
            case "nonce-key-file":
                _read = _read with { NonceKey = _files.ReadNonceKey(value) };
                return true;
            case "cert":
                _read = _read with { Certificate = _files.GetPath(value) };
                return true;
            case "key":
                _read = _read with { CertificateKey = _files.GetPath(value) };
                return true;
            default:
                return false;
        }
    }

    private bool TryReadSignal(string name, ConfigurationValue value)
    {
        SignalConfiguration signal = _read.Signal;
        bool isRead = _signalKeys.TryRead(name, value, ref signal);
        _read = _read with { Signal = signal };
        return isRead;
    }

    private bool TryReadRest(string name, ConfigurationValue value)
    {
        switch (name)
        {
            case "limits":
                ReadLimits(value);
                return true;
            case "connections":
                _read = _read with { Connections = ReadConnections(value) };
                return true;
            case "log":
                _read = _read with { Log = ReadLog(value) };
                return true;
            case "software":
                _read = _read with { Software = AddressValues.ReadShort(value, 127) };
                return true;
            case "drain-seconds":
                _read = _read with { Drain = TimeSpan.FromSeconds((double)value.ReadNumber(0, 86_400, isWhole: false)) };
                return true;
            case "shards":
                _read = _read with { Shards = value.ReadWhole(1, 256) };
                return true;
            default:
                return false;
        }
    }

    private List<StaticUser> ReadUsers(ConfigurationValue value)
    {
        if (_isOpenToOthers)
        {
            throw value.Error("this file has passwords and can be read or changed by others: chmod 600 makes it yours alone");
        }

        List<StaticUser> users = [];
        foreach (ConfigurationValue one in value.ReadList())
        {
            users.Add(UserText.TryParse(one.ReadText(), out StaticUser? user, out string? problem) ? user : throw one.Error(problem));
        }

        return users;
    }

    private void AddUsers(ConfigurationValue value, List<StaticUser> users)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        List<StaticUser> all = [.. _read.Users, .. users];
        foreach (StaticUser user in all)
        {
            if (!names.Add(user.Name))
            {
                throw value.Error("a user is there twice");
            }
        }

        _read = _read with { Users = all };
    }

    private void ReadLimits(ConfigurationValue value)
    {
        TurnServerLimits limits = _read.Limits;
        foreach ((string name, ConfigurationValue one) in value.ReadMembers())
        {
            limits = ReadLimit(limits, name, one);
        }

        foreach ((string name, ConfigurationValue one) in value.Members)
        {
            if (name is "first-port" or "last-port" && limits.FirstPort > limits.LastPort)
            {
                throw one.Error("first-port is above last-port");
            }

            if (name is "default-lifetime" or "max-lifetime" && limits.DefaultLifetime > limits.MaxLifetime)
            {
                throw one.Error("default-lifetime is above max-lifetime");
            }
        }

        _read = _read with { Limits = limits };
    }

    private TurnServerLimits ReadLimit(TurnServerLimits limits, string name, ConfigurationValue value)
    {
        switch (name)
        {
            case "replies-per-second":
                _replies = _replies with { PerSecond = value.ReadWhole(0, 1_000_000) };
                return limits;
            case "reply-burst":
                _replies = _replies with { Burst = value.ReadWhole(1, 1_000_000) };
                return limits;
            case "replies-per-second-in-all":
                _replies = _replies with { GlobalPerSecond = value.ReadWhole(1, 100_000_000) };
                return limits;
            default:
                return ReadLimit(LimitKeys.Relaying, limits, name, value);
        }
    }

    private static TurnConnectionLimits ReadConnections(ConfigurationValue value)
    {
        var limits = new TurnConnectionLimits();
        foreach ((string name, ConfigurationValue one) in value.ReadMembers())
        {
            limits = ReadLimit(LimitKeys.Connections, limits, name, one);
        }

        return limits;
    }

    private static TLimits ReadLimit<TLimits>(IReadOnlyList<LimitKey<TLimits>> keys, TLimits limits, string name, ConfigurationValue value)
    {
        foreach (LimitKey<TLimits> key in keys)
        {
            if (key.Name == name)
            {
                return key.Set(limits, value.ReadNumber(key.Least, key.Most, key.IsWhole));
            }
        }

        throw value.Error("there is no such limit");
    }

    private LogSettings ReadLog(ConfigurationValue value)
    {
        LogSettings log = _read.Log;
        foreach ((string name, ConfigurationValue one) in value.ReadMembers())
        {
            log = name switch
            {
                "format" => log with
                {
                    Format = one.ReadText() switch
                    {
                        "text" => LogFormat.Text,
                        "json" => LogFormat.Json,
                        _ => throw one.Error("this is text or json"),
                    },
                },
                "level" => log with
                {
                    Level = one.ReadText() switch
                    {
                        "debug" => ServerLogLevel.Debug,
                        "info" => ServerLogLevel.Information,
                        "warning" => ServerLogLevel.Warning,
                        "error" => ServerLogLevel.Error,
                        _ => throw one.Error("this is debug, info, warning or error"),
                    },
                },
                "file" => log with { File = _files.GetPath(one) },
                _ => throw one.Error("there is no such key: log has format, level and file"),
            };
        }

        return log;
    }
}
