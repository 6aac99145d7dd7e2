using System;
using System.Globalization;

namespace Stack.Signaling.Server;

/// <summary>What is done in the store in one step. Keys live for a day without use: an empty session is forgotten after an hour.</summary>
internal static class RedisScripts
{
    /// <summary>A number greater than any that the key gave, and than the one that the caller knows: a store that has lost its keys must not give it again.</summary>
    public const string NextId = """
        local id = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), tonumber(ARGV[1])) + 1
        redis.call('SET', KEYS[1], string.format('%d', id), 'EX', 86400)
        return id
        """;

    /// <summary>Raises a key to a number that was given before.</summary>
    public const string Raise = """
        if tonumber(redis.call('GET', KEYS[1]) or '0') < tonumber(ARGV[1]) then
          redis.call('SET', KEYS[1], ARGV[1], 'EX', 86400)
        end
        return 1
        """;

    /// <summary>For how many milliseconds the store has had its keys; the first who asks a store without any starts the count.</summary>
    public const string Age = """
        local time = redis.call('TIME')
        local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
        redis.call('SET', KEYS[1], string.format('%d', now), 'NX')
        return now - tonumber(redis.call('GET', KEYS[1]))
        """;

    /// <summary>A command that carries a script out.</summary>
    public static ReadOnlyMemory<byte>[] Run(string script, string key)
        => [RespWriter.Part("EVAL"), RespWriter.Part(script), RespWriter.Part("1"), RespWriter.Part(key)];

    /// <summary>A command that carries a script out with a number.</summary>
    public static ReadOnlyMemory<byte>[] Run(string script, string key, int number)
        => [.. Run(script, key), RespWriter.Part(number.ToString(CultureInfo.InvariantCulture))];
}
