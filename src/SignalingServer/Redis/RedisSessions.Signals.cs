using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Stack.Signaling.Server;

/// <content>What comes from other processes, and what goes to them when it can.</content>
internal sealed partial class RedisSessions
{
    // On the connection's thread.
    private void Take(RespValue push)
    {
        if (push.Items is not [{ Text: "message" }, _, { } payload]
            || !SharedEnvelope.TryRead(payload.Bytes, out long number, out SharedMessage? message)
            || message is null
            || message.Process == _loop.Process)
        {
            return;
        }

        lock (_gate)
        {
            // Signals may come twice: when the store broke nobody knows which of them had arrived.
            long last = _heard.GetValueOrDefault(message.Process);
            if (message is SharedSignal && number <= last)
            {
                return;
            }

            _heard[message.Process] = Math.Max(number, last);
            if (message is SharedEnded)
            {
                _heard.Remove(message.Process);
            }

            StopAwaiting(message.Process);
        }

        if (Interlocked.Increment(ref _backlog) > MaxBacklog)
        {
            // It can only be lost; who connects anew is told everything.
            Interlocked.Decrement(ref _backlog);
            Break();
            return;
        }

        SharedMessage heard = message;
        _loop.Post(LoopInput.OfCall(core =>
        {
            Interlocked.Decrement(ref _backlog);
            core.HandleShared(heard, _loop.Clock.Now);
        }));
    }

    private void Break()
    {
        RespConnection? connection;
        lock (_gate)
        {
            connection = _connection;
        }

        connection?.Abort();
    }

    // Who has not come back by then is gone, and the others have waited for long enough.
    private async Task StopAwaitingAsync(RespConnection connection)
    {
        await Task.Delay(ReturnTime, _time, _ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_gate)
        {
            if (ReferenceEquals(connection, _connection))
            {
                foreach (string process in _awaited)
                {
                    _heard.Remove(process);
                }

                _awaited.Clear();
                SendHeld();
            }
        }
    }

    // Under the gate.
    private void StopAwaiting(string process)
    {
        if (_awaited.Remove(process) && _awaited.Count == 0)
        {
            SendHeld();
        }
    }

    // Under the gate.
    private void SendHeld()
    {
        while (_connection is not null && _awaited.Count == 0 && _signals.TryTake(_loop.Clock.Now, out HeldSignal? signal))
        {
            _signals.Sent(signal!);
            Task<RespValue> published = _connection.CallAsync(RespWriter.Part("PUBLISH"), signal!.Channel, signal.Payload);
            _lastPublished = published;
            _ = ConfirmAsync(_connection, published);
        }

        _loop.Counters.SetLost(_signals.Lost);
    }

    private async Task ConfirmAsync(RespConnection connection, Task<RespValue> published)
    {
        await ((Task)published).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_gate)
        {
            if (published.IsCompletedSuccessfully && ReferenceEquals(connection, _connection))
            {
                _signals.Confirmed();
            }
        }
    }
}
