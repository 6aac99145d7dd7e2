using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.TestKit;
using Stack.Turn;

namespace Stack.Transport.Tests;

/// <summary>TURN servers of ours on loopback, which may relay to loopback.</summary>
internal static class TurnHosts
{
    // One for all, since a server that is reloaded keeps its clock. What waits for a time limit has a clock that is moved by hand.
    private static readonly SlowTimeProvider Slow = new(20);

    public static TurnServerHostOptions Options(params StunListenEndPoint[] listen) => new()
    {
        Listen = listen.Length == 0 ? [Servers.Listen(StunTransport.Udp)] : listen,
        Realm = "test",
        Credentials = new OneUser(),
        PeerRules = new PeerAddressRules { Allow = [Prefix("127.0.0.0/8"), Prefix("::1/128")] },
        Limits = new TurnServerLimits { BytesPerSecondPerAllocation = 0 },
        ReplyRateLimit = null,
        Shards = 1,
        UsesPortableSockets = DatagramIO.IsPortable,
        TimeProvider = Slow,
        Certificate = listen.Any(one => one.Transport == StunTransport.Tls) ? TestCertificates.Localhost : null,
    };

    public static Task<TurnServerHost> StartAsync(StunTransport transport, bool portable = false, Func<TurnServerHostOptions, TurnServerHostOptions>? change = null)
    {
        TurnServerHostOptions options = Options(Servers.Listen(transport)) with { UsesPortableSockets = portable || DatagramIO.IsPortable };
        return TurnServerHost.StartAsync(change?.Invoke(options) ?? options);
    }

    public static IPEndPoint At(this TurnServerHost host, StunTransport transport) => host.EndPoints.First(e => e.Transport == transport).EndPoint;

    public static AddressPrefix Prefix(string text)
        => AddressPrefix.TryParse(text, out AddressPrefix prefix) ? prefix : throw new FormatException(text);

    /// <summary>Asks on the shard's own thread, after all that it has begun.</summary>
    public static Task<T> AskAsync<T>(this RelayShard shard, Func<T> question)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        shard.Post(new ShardCall(_ => answer.SetResult(question())));
        return answer.Task;
    }

    /// <summary>What a host has logged.</summary>
    public static (List<ServerLogRecord> Records, Action<ServerLogRecord> Log) Journal()
    {
        var records = new List<ServerLogRecord>();
        return (records, Add);

        void Add(ServerLogRecord record)
        {
            lock (records)
            {
                records.Add(record);
            }
        }
    }
}
