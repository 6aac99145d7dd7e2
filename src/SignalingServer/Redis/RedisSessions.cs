using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Tasks;
using Stack.Transport;

namespace Stack.Signaling.Server;

/// <summary>
/// Sessions shared over Redis. Processes tell each other about their peers on one channel; what peers say goes through a channel for each session, which a
/// process listens to while it has peers in it. Nothing in the store needs to outlive it: who comes back to an empty store tells the others what there is.
/// </summary>
/// <remarks>
/// While the store cannot be reached nobody gets a number, so nobody new joins; those who are there stay, and what they say to peers of other processes is
/// held. It is sent when all processes that were there before have been heard of again, for a message on a channel is gone for who does not listen yet.
/// </remarks>
internal sealed partial class RedisSessions : ISharedSessions, IAsyncDisposable
{
    private const int MaxBacklog = 16_384;

    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ReturnTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan GoodbyeTime = TimeSpan.FromSeconds(1);

    // Who has known the others for longer comes back within LongestDelay and raises the numbers of an empty store; a new process waits for that.
    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(2);

    private readonly RedisEndPoint _where;
    private readonly SignalingLoop _loop;
    private readonly ServerJournal _journal;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly Dictionary<string, int> _sessions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _heard = new(StringComparer.Ordinal);
    private readonly HashSet<string> _awaited = new(StringComparer.Ordinal);
    private readonly HeldSignals _signals = new();
    private readonly TaskCompletionSource _tried = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RespConnection? _connection;
    private Task _running = Task.CompletedTask;
    private Task _settled = Task.CompletedTask;
    private Task<RespValue>? _lastPublished;
    private long _signalNumber;
    private int _backlog;
    private bool _wasUp;

    /// <param name="where">The store.</param>
    /// <param name="loop">Who is told what others say.</param>
    /// <param name="journal">Who is told how it goes.</param>
    public RedisSessions(RedisEndPoint where, SignalingLoop loop, ServerJournal journal)
    {
        _where = where;
        _loop = loop;
        _journal = journal;
        _time = loop.Clock.TimeProvider;
    }

    /// <summary>Begins to connect, and to connect again whenever the connection is lost.</summary>
    /// <returns>A task that ends with the first attempt, whatever came of it.</returns>
    public Task StartAsync()
    {
        _running = Task.Run(RunAsync);
        return _tried.Task;
    }

    /// <inheritdoc/>
    public void Publish(SharedMessage message)
    {
        lock (_gate)
        {
            if (message is SharedSignal signal)
            {
                byte[] payload = SharedEnvelope.Write(++_signalNumber, message);
                _signals.Hold(new HeldSignal(_loop.Clock.Now, RespWriter.Part(SharedEnvelope.GetChannel(signal.Session)), payload));
                SendHeld();
            }
            else if (_connection is not null)
            {
                // What is lost with the connection is told again when there is another one.
                byte[] payload = SharedEnvelope.Write(0, message);
                _lastPublished = _connection.CallAsync(RespWriter.Part("PUBLISH"), RespWriter.Part(SharedEnvelope.ProcessesChannel), payload);
            }
        }
    }

    /// <inheritdoc/>
    public void Handle(in SignalingEvent happened)
    {
        switch (happened.Kind)
        {
            case SignalingEventKind.IdWanted:
                FetchId(happened.Connection, happened.Session, happened.Above);
                break;
            case SignalingEventKind.Joined:
                Listen(happened.Session, 1);
                break;
            case SignalingEventKind.Left:
                Listen(happened.Session, -1);
                break;
            case SignalingEventKind.ProcessLost:
                lock (_gate)
                {
                    // While the store is away nobody is heard of, and who is silent may well come back with it.
                    if (_connection is not null)
                    {
                        _heard.Remove(happened.Process);
                        StopAwaiting(happened.Process);
                    }
                }

                break;
        }
    }

    /// <summary>Sends what was published until now, unless that takes long, and disconnects.</summary>
    public async ValueTask DisposeAsync()
    {
        Task last;
        lock (_gate)
        {
            last = _lastPublished ?? Task.CompletedTask;
        }

        await last.WaitAsync(GoodbyeTime, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _ended.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _ended.Dispose();
    }

    private async Task RunAsync()
    {
        int failures = 0;
        while (!_ended.IsCancellationRequested)
        {
            try
            {
                await ServeAsync(() =>
                {
                    failures = 0;
                    _tried.TrySetResult();
                }).ConfigureAwait(false);
            }
            catch (Exception error) when (error is IOException or SocketException or AuthenticationException or TimeoutException or OperationCanceledException)
            {
                if (!_ended.IsCancellationRequested)
                {
                    _journal.Write(new ServerLogRecord(ServerLogLevel.Error, "store", "The store of shared sessions cannot be reached: nobody joins until it can.")
                    {
                        Fields = [new("store", _where.ToString()), new("why", error.Message)],
                    });
                }
            }

            _tried.TrySetResult();
            TimeSpan longest = FirstDelay * Math.Min(1 << Math.Min(failures++, 10), LongestDelay / FirstDelay);
            TimeSpan delay = TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32((int)longest.TotalMilliseconds) + 1);
            await Task.Delay(delay, _time, _ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ServeAsync(Action onUp)
    {
        using var limit = new CancellationTokenSource(ConnectTimeout, _time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _ended.Token);
        RespConnection connection = await RespConnection.ConnectAsync(_where, Take, ended.Token).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            try
            {
                await ArriveAsync(connection).WaitAsync(ended.Token).ConfigureAwait(false);
                onUp();
                await StayAsync(connection).ConfigureAwait(false);
            }
            finally
            {
                Lose();
            }
        }
    }

    // Listens first, so that nothing which the others say in answer is missed.
    private async Task ArriveAsync(RespConnection connection)
    {
        await connection.DemandAsync(RespWriter.Part("SUBSCRIBE"), RespWriter.Part(SharedEnvelope.ProcessesChannel)).ConfigureAwait(false);
        IReadOnlyList<(string Session, int Last)> known = await _loop.AskAsync(static core => GetKnown(core)).ConfigureAwait(false);
        await Task.WhenAll(known.Select(one => connection.DemandAsync(
            RedisScripts.Run(RedisScripts.Raise, SharedEnvelope.GetIdKey(one.Session), one.Last)))).ConfigureAwait(false);

        RespValue age = await connection.DemandAsync(RedisScripts.Run(RedisScripts.Age, SharedEnvelope.AgeKey)).ConfigureAwait(false);
        TimeSpan left = SettleTime - TimeSpan.FromMilliseconds(age.Number);
        lock (_gate)
        {
            _settled = _wasUp || left <= TimeSpan.Zero ? Task.CompletedTask : Task.Delay(left < SettleTime ? left : SettleTime, _time, _ended.Token);
            _wasUp = true;
            foreach (string session in _sessions.Keys)
            {
                _ = connection.CallAsync(RespWriter.Part("SUBSCRIBE"), RespWriter.Part(SharedEnvelope.GetChannel(session)));
            }

            _awaited.Clear();
            _awaited.UnionWith(_heard.Keys);
            _connection = connection;
        }

        _ = StopAwaitingAsync(connection);

        _loop.Counters.SetStore(isUp: true);
        _journal.Write(ServerLogLevel.Information, "store", "Sessions are shared.", null, new ServerLogField("store", _where.ToString()));
        _loop.Post(LoopInput.OfCall(core => core.HandleSharedRestored(_loop.Clock.Now)));
        lock (_gate)
        {
            SendHeld();
        }
    }

    private static List<(string Session, int Last)> GetKnown(SignalingCore core)
        => [.. core.Sessions.Where(static session => session.Peers.Count != 0).Select(static session => (session.Name, session.Peers.Max(static peer => peer.Id)))];

    private async Task StayAsync(RespConnection connection)
    {
        while (!connection.Ended.IsCompleted)
        {
            Task pause = Task.Delay(PingInterval, _time, _ended.Token);
            await Task.WhenAny(pause, connection.Ended).ConfigureAwait(false);
            _ended.Token.ThrowIfCancellationRequested();
            await connection.DemandAsync(RespWriter.Part("PING")).WaitAsync(PingInterval, _time, _ended.Token).ConfigureAwait(false);
        }
    }

    private void Lose()
    {
        lock (_gate)
        {
            _connection = null;
            _signals.TakeBack();
        }

        _loop.Counters.SetStore(isUp: false);
    }

    private void Listen(string session, int change)
    {
        lock (_gate)
        {
            int count = _sessions.GetValueOrDefault(session) + change;
            if (count <= 0)
            {
                _sessions.Remove(session);
            }
            else
            {
                _sessions[session] = count;
            }

            if (_connection is not null && ((change > 0 && count == 1) || count == 0))
            {
                _ = _connection.CallAsync(RespWriter.Part(change > 0 ? "SUBSCRIBE" : "UNSUBSCRIBE"), RespWriter.Part(SharedEnvelope.GetChannel(session)));
            }
        }
    }

    private void FetchId(ConnectionId peer, string session, int above)
    {
        RespConnection? connection;
        Task settled;
        lock (_gate)
        {
            (connection, settled) = (_connection, _settled);
        }

        if (connection is null)
        {
            _loop.Post(LoopInput.OfCall(core => core.HandleIdFailed(peer, _loop.Clock.Now)));
            return;
        }

        _ = FetchIdAsync(connection, settled, peer, session, above);
    }

    private async Task FetchIdAsync(RespConnection connection, Task settled, ConnectionId peer, string session, int above)
    {
        int id = 0;
        try
        {
            await settled.ConfigureAwait(false);
            RespValue answer = await connection.DemandAsync(RedisScripts.Run(RedisScripts.NextId, SharedEnvelope.GetIdKey(session), above)).ConfigureAwait(false);
            id = answer.Number is > 0 and <= int.MaxValue ? (int)answer.Number : 0;
        }
        catch (Exception error) when (error is IOException or OperationCanceledException)
        {
            // The store is gone; the peer comes again.
        }

        _loop.Post(LoopInput.OfCall(core =>
        {
            if (id == 0)
            {
                core.HandleIdFailed(peer, _loop.Clock.Now);
            }
            else
            {
                core.HandleId(peer, id, _loop.Clock.Now);
            }
        }));
    }
}
