using System.Collections.Generic;
using Stack.Signaling;
using Stack.Signaling.Server;
using Stack.Stun;

namespace Stack.Cli;

/// <summary>The keys of signaling in a configuration.</summary>
/// <param name="files">Reads the files that are named.</param>
/// <param name="isOpenToOthers">Whether others can read the file, which may then hold no secrets.</param>
internal sealed class SignalKeys(ConfigurationFiles files, bool isOpenToOthers)
{
    private const int MinTokenLength = 16;

    public bool TryRead(string name, ConfigurationValue value, ref SignalConfiguration signal)
    {
        switch (name)
        {
            case "signal":
                signal = signal with { Listen = AddressValues.ReadAll(value, ReadListen) };
                return true;
            case "signal-origin":
                signal = signal with { Origins = AddressValues.ReadAll(value, ReadOrigin) };
                return true;
            case "signal-relay":
                signal = signal with { Relays = AddressValues.ReadAll(value, ReadRelay) };
                return true;
            case "signal-token-file":
                string token = files.ReadToken(value).Trim();
                signal = signal with
                {
                    Token = token.Length >= MinTokenLength ? token : throw value.Error("the token has at least 16 characters; make it with a generator"),
                };
                return true;
            case "signal-redis":
                signal = signal with { Redis = ReadStore(value) };
                return true;
            case "signal-limits":
                signal = signal with { Limits = ReadLimits(value, signal.Limits) };
                return true;
            default:
                return false;
        }
    }

    private static SignalingListenEndPoint ReadListen(ConfigurationValue value)
        => SignalingListenEndPoint.TryParse(value.ReadText(), out SignalingListenEndPoint? listen)
            ? listen
            : throw value.Error("write http://127.0.0.1:8080 or https://[::1]:8443");

    private static string ReadOrigin(ConfigurationValue value)
    {
        string text = value.ReadText();
        return text == OriginPolicy.Everywhere || OriginPolicy.TryNormalize(text, out _, out _)
            ? text
            : throw value.Error("write https://example.org or https://example.org:8443 without a path, or * for all");
    }

    private static StunUri ReadRelay(ConfigurationValue value)
        => StunUri.TryParse(value.ReadText(), out StunUri? uri, out StunUriStatus status)
            ? uri
            : throw value.Error($"write stun:HOST[:PORT] or turn:HOST[:PORT][?transport=udp|tcp], or stuns: and turns: ({Kebab.From(status.ToString())})");

    private static SignalingLimits ReadLimits(ConfigurationValue value, SignalingLimits limits)
    {
        foreach ((string name, ConfigurationValue one) in value.ReadMembers())
        {
            bool isKnown = false;
            foreach (LimitKey<SignalingLimits> key in LimitKeys.Signaling)
            {
                if (key.Name == name)
                {
                    limits = key.Set(limits, one.ReadNumber(key.Least, key.Most, key.IsWhole));
                    isKnown = true;
                }
            }

            if (!isKnown)
            {
                throw one.Error("there is no such limit");
            }
        }

        return limits;
    }

    private RedisEndPoint ReadStore(ConfigurationValue value)
    {
        if (!RedisEndPoint.TryParse(value.ReadText(), out RedisEndPoint? store))
        {
            throw value.Error("write redis://HOST[:PORT] or redis://[USER]:PASSWORD@HOST[:PORT], or rediss:// for TLS");
        }

        return store.Password is null || !isOpenToOthers
            ? store
            : throw value.Error("this file has a password and can be read or changed by others: chmod 600 makes it yours alone");
    }
}
