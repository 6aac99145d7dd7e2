using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.Transport;

namespace Stack.Signaling.Server;

/// <summary>
/// The one loop that owns the core. Sockets, the clock and the store tell it what happens; it never waits for any of them. What it has been told and has
/// not handled yet is bounded by those who tell: a socket has one message here at a time.
/// </summary>
internal sealed class SignalingLoop : IAsyncDisposable
{
    private const int Batch = 64;

    private readonly SignalingServerOptions _options;
    private readonly ServerJournal _journal;
    private readonly RandomNumberGenerator _random = RandomNumberGenerator.Create();
    private readonly SignalingCore _core;
    private readonly Channel<LoopInput> _inputs = Channel.CreateUnbounded<LoopInput>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Dictionary<ConnectionId, SignalingSocket> _sockets = [];
    private readonly Queue<(Instant Deadline, SignalingSocket Socket)> _ending = new();
    private readonly ITimer _alarm;
    private readonly Task _running;
    private Instant? _alarmAt;

    /// <param name="options">The options.</param>
    /// <param name="relays">The relay credentials.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="counters">What is counted.</param>
    /// <param name="journal">Who is told what happens.</param>
    public SignalingLoop(SignalingServerOptions options, IRelayCredentials relays, MonotonicClock clock, SignalingCounters counters, ServerJournal journal)
    {
        _options = options;
        _journal = journal;
        Clock = clock;
        Counters = counters;
        _core = new SignalingCore(options.Limits, relays, _random, shared: options.Redis is not null);
        Process = _core.Process;
        _alarm = clock.TimeProvider.CreateTimer(static state => ((SignalingLoop)state!).Post(LoopInput.Tick), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _running = Task.Run(RunAsync);
    }

    public MonotonicClock Clock { get; }

    public SignalingCounters Counters { get; }

    /// <summary>The name of this process among those with the same sessions.</summary>
    public string Process { get; }

    /// <summary>Where messages for other processes go; set before the first socket comes, null where there are no others.</summary>
    public ISharedSessions? Shared { get; set; }

    /// <summary>Tells the loop something.</summary>
    /// <returns>False where it has ended.</returns>
    public bool Post(LoopInput input) => _inputs.Writer.TryWrite(input);

    /// <summary>Asks whether a WebSocket may be opened.</summary>
    public Task<(SignalingSocket? Socket, SignalingRefusal? Refusal)> ConnectAsync(ConnectRequest request)
    {
        var call = new ConnectCall(request);
        if (!_inputs.Writer.TryWrite(LoopInput.OfConnect(call)))
        {
            call.TrySetResult((null, SignalingRefusal.TooManyConnections));
        }

        return call.Task;
    }

    /// <summary>Asks the core something, on its own thread.</summary>
    public Task<T> AskAsync<T>(Func<SignalingCore, T> ask)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        void Answer(SignalingCore core)
        {
            try
            {
                answer.TrySetResult(ask(core));
            }
            catch (Exception error)
            {
                answer.TrySetException(error);
                throw;
            }
        }

        if (!_inputs.Writer.TryWrite(LoopInput.OfCall(Answer)))
        {
            answer.TrySetCanceled();
        }

        return answer.Task;
    }

    /// <summary>Closes all sockets for good, and tells the other processes.</summary>
    public Task ShutdownAsync() => AskAsync(core =>
    {
        core.Shutdown(Clock.Now);
        return true;
    });

    /// <summary>Handles what it was told until now, then ends, and ends all sockets.</summary>
    public async ValueTask DisposeAsync()
    {
        _inputs.Writer.TryComplete();
        await _running.ConfigureAwait(false);
        await _alarm.DisposeAsync().ConfigureAwait(false);
        _random.Dispose();
    }

    private async Task RunAsync()
    {
        while (await _inputs.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            // However much there is to do, time goes on.
            for (int left = Batch; left > 0 && _inputs.Reader.TryRead(out LoopInput input); left--)
            {
                try
                {
                    Handle(input);
                    Drain();
                }
                catch (Exception error)
                {
                    // One peer's message that meets a defect must not end the sessions of all others.
                    Counters.CountFault();
                    _journal.WriteFault(error);
                }
            }

            Counters.Counts = _core.Counts;
            SetAlarm();
        }

        foreach (SignalingSocket socket in _sockets.Values)
        {
            socket.Abort();
        }
    }

    private void Handle(in LoopInput input)
    {
        Instant now = Clock.Now;
        switch (input.Kind)
        {
            case LoopInputKind.Connect:
                Connect(input.Connect!, now);
                break;
            case LoopInputKind.Message:
                Receive(input, now);
                break;
            case LoopInputKind.Sent:
                _core.HandleSent(input.Socket!.Id);
                break;
            case LoopInputKind.Refused:
                Counters.CountRefusal(input.Reason!);
                Close(input.Socket!, input.Number, input.Reason!, drain: false, now);
                break;
            case LoopInputKind.Closed:
                _sockets.Remove(input.Socket!.Id);
                _ending.Enqueue((now + _options.CloseTimeout, input.Socket));
                _core.HandleClosed(input.Socket.Id, input.Number, now);
                break;
            case LoopInputKind.Tick:
                _alarmAt = null;
                EndSockets(now);
                if (_core.NextTimeout <= now)
                {
                    _core.HandleTimeout(now);
                }

                break;
            case LoopInputKind.Call:
                input.Call!(_core);
                break;
        }
    }

    private void Connect(ConnectCall call, Instant now)
    {
        SignalingRefusal? refusal = _core.Connect(call.Request, now, out ConnectionId connection);
        SignalingSocket? socket = null;
        if (refusal is { } why)
        {
            Counters.CountRefusal(why);
        }
        else
        {
            socket = new SignalingSocket(connection, call.Request.Remote, this, _options);
            _sockets.Add(connection, socket);
        }

        call.TrySetResult((socket, refusal));
    }

    private void Receive(in LoopInput input, Instant now)
    {
        TimeSpan wait = TimeSpan.Zero;
        try
        {
            wait = _core.HandleMessage(input.Socket!.Id, input.Buffer.AsSpan(0, input.Number), now);
        }
        finally
        {
            input.Socket!.CompleteMessage(wait);
        }
    }

    private void Drain()
    {
        while (_core.TryReadTransmit(out SignalingTransmit transmit))
        {
            if (_sockets.TryGetValue(transmit.Connection, out SignalingSocket? socket))
            {
                if (transmit.IsClose)
                {
                    Close(socket, transmit.CloseCode, transmit.CloseReason, transmit.Drain, Clock.Now);
                }
                else
                {
                    socket.Enqueue(transmit.Payload);
                }
            }
        }

        while (_core.TryReadShared(out SharedMessage? message))
        {
            Shared?.Publish(message);
        }

        while (_core.TryReadEvent(out SignalingEvent happened))
        {
            SignalingJournal.Write(_journal, happened, _sockets.GetValueOrDefault(happened.Connection)?.Remote);
            Counters.Count(happened);
            Shared?.Handle(happened);
        }
    }

    private void Close(SignalingSocket socket, int code, string reason, bool drain, Instant now)
    {
        if (socket.Close(code, reason, drain))
        {
            Counters.CountClose(code);
            _ending.Enqueue((now + _options.CloseTimeout, socket));
        }
    }

    private void EndSockets(Instant now)
    {
        while (_ending.TryPeek(out (Instant Deadline, SignalingSocket Socket) first) && first.Deadline <= now)
        {
            _ending.Dequeue();
            first.Socket.Abort();
        }
    }

    private void SetAlarm()
    {
        Instant? next = _core.NextTimeout;
        if (_ending.TryPeek(out (Instant Deadline, SignalingSocket Socket) first) && (next is null || first.Deadline < next))
        {
            next = first.Deadline;
        }

        if (next != _alarmAt)
        {
            _alarmAt = next;
            _alarm.Change(Clock.Until(next), Timeout.InfiniteTimeSpan);
        }
    }
}
