using System;
using System.Collections.Generic;
using System.Net.WebSockets;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using Stack.Signaling;

namespace Stack.Sessions;

// One connection after the other, until we leave or are refused.
public sealed partial class SignalingClient
{
    private readonly SendAllowance _allowance;
    private readonly List<SignalingClientEvent> _happened = [];
    private byte[]? _unsent;

    private async Task RunAsync()
    {
        var delays = new ReconnectDelays(_random);
        try
        {
            while (true)
            {
                TimeSpan? retryAfter = await ServeOnceAsync(delays).ConfigureAwait(false);
                TimeSpan delay = delays.Next();
                delay = retryAfter > delay ? retryAfter.Value + delay : delay;
                await Task.Delay(delay, _options.TimeProvider, _leaving.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            _events.Writer.TryComplete();
        }
        catch (SignalingException error)
        {
            _joined.TrySetException(error);
            _ = _joined.Task.Exception;
            _events.Writer.TryWrite(new SignalingClientEvent(SignalingClientEventKind.Refused) { Error = error, Reason = error.Message });
            _events.Writer.TryComplete(error);
            _outgoing.Writer.TryComplete(error);
        }
    }

    /// <summary>Opens a connection and uses it until it breaks.</summary>
    /// <returns>How long the server asks to wait before the next attempt; null where it does not.</returns>
    /// <exception cref="SignalingException">There is no use in trying again.</exception>
    private async Task<TimeSpan?> ServeOnceAsync(ReconnectDelays delays)
    {
        bool wasIn = _joined.Task.IsCompletedSuccessfully;
        Uri uri = _dialect.GetUri();
        SignalingSocket socket;
        try
        {
            socket = await OpenAsync(uri).ConfigureAwait(false);
        }
        catch (SignalingException error) when (wasIn || error.Failure == SignalingFailure.Busy)
        {
            // Whatever it is, it may pass: a proxy in front of a server that starts, a place that is still ours.
            return error.RetryAfter;
        }

        using (socket)
        {
            Exception? broken = await UseAsync(socket, delays).ConfigureAwait(false);
            _leaving.Token.ThrowIfCancellationRequested();
            bool isIn = _joined.Task.IsCompletedSuccessfully;
            if (SignalingRefusals.OfCloseCode(uri, socket.CloseCode) is { } refusal
                && (!isIn || refusal.Failure is SignalingFailure.Replaced or SignalingFailure.Protocol))
            {
                throw refusal;
            }

            string reason = SignalingRefusals.DescribeClose(socket.CloseCode, broken);
            if (!isIn && socket.CloseCode != SignalingCloseCode.TryAgain)
            {
                throw new SignalingException(
                    SignalingFailure.ConnectionFailed, $"{Server}: {reason}, before we were in the session.", "Is it a signaling server, and of this dialect?", broken);
            }

            if (isIn)
            {
                Report(new SignalingClientEvent(SignalingClientEventKind.Lost) { Reason = reason });
            }

            return null;
        }
    }

    private async Task<SignalingSocket> OpenAsync(Uri uri)
    {
        using var patience = new CancellationTokenSource(_options.ConnectTimeout, _options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, _leaving.Token);
        try
        {
            SignalingSocket socket = await SignalingSocket.OpenAsync(uri, _options, either.Token).ConfigureAwait(false);
            try
            {
                if (_dialect.Open() is { } first)
                {
                    await socket.SendAsync(first, either.Token).ConfigureAwait(false);
                }

                return socket;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
        catch (Exception error) when (error is WebSocketException || (error is OperationCanceledException && !_leaving.IsCancellationRequested))
        {
            throw new SignalingException(
                SignalingFailure.TimedOut, $"{Server}: no answer to the request for a WebSocket.", "The server is down or too busy, or the network drops what we send.", error);
        }
    }

    /// <summary>Sends and receives until the connection breaks, the server closes it, or we leave.</summary>
    /// <returns>What broke it; null for nothing that the system knows of.</returns>
    private async Task<Exception?> UseAsync(SignalingSocket socket, ReconnectDelays delays)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        var admitted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task sending = SendAllAsync(socket, admitted.Task, ending.Token);
        try
        {
            _dialect.HandleOpened(_happened);
            Admit(admitted, delays);
            while (await socket.ReceiveAsync(ending.Token).ConfigureAwait(false) is { } message)
            {
                if (!_dialect.Handle(message.Span, _happened) && !_joined.Task.IsCompletedSuccessfully)
                {
                    // Later on it is one of a peer that a server has passed on unread.
                    throw new SignalingException(
                        SignalingFailure.Protocol, $"{Server}: the server's message is none of the dialect '{_options.Dialect}'.", "Check the URL and the dialect.");
                }

                Admit(admitted, delays);
            }

            return null;
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException)
        {
            return error;
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            admitted.TrySetCanceled(CancellationToken.None);
            await sending.ConfigureAwait(false);
        }
    }

    /// <summary>Tells what has happened. From the first joining or coming back on, messages may be sent.</summary>
    private void Admit(TaskCompletionSource admitted, ReconnectDelays delays)
    {
        foreach (SignalingClientEvent happened in _happened)
        {
            if (happened.Kind == SignalingClientEventKind.Joined)
            {
                // What was to be said came from a peer that there is no more.
                _unsent = null;
                while (_outgoing.Reader.TryRead(out _))
                {
                }
            }

            Report(happened);
            if (happened.Kind is SignalingClientEventKind.Joined or SignalingClientEventKind.Resumed)
            {
                delays.Reset();
                _joined.TrySetResult();
                admitted.TrySetResult();
            }
        }

        _happened.Clear();
    }

    private void Report(SignalingClientEvent happened)
    {
        if (!_events.Writer.TryWrite(happened) && !_leaving.IsCancellationRequested)
        {
            throw new SignalingException(
                SignalingFailure.NotRead, $"{MaxEvents} events of the session wait, and nobody reads them.", $"Call {nameof(ReadEventAsync)} in a loop until the end.");
        }
    }

    private async Task SendAllAsync(SignalingSocket socket, Task admitted, CancellationToken cancellationToken)
    {
        try
        {
            using (var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _leaving.Token))
            {
                try
                {
                    await admitted.WaitAsync(either.Token).ConfigureAwait(false);
                    await SendMessagesAsync(socket, either.Token, cancellationToken).ConfigureAwait(false);
                }
                catch (Exception error) when (error is ChannelClosedException || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
                {
                    // We leave.
                }
            }

            await socket.CloseAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is OperationCanceledException or WebSocketException or ObjectDisposedException)
        {
            // The receiver ends too, and says why.
            socket.Abort();
        }
    }

    private async Task SendMessagesAsync(SignalingSocket socket, CancellationToken waiting, CancellationToken sending)
    {
        while (true)
        {
            _unsent ??= await _outgoing.Reader.ReadAsync(waiting).ConfigureAwait(false);
            TimeSpan delay = _allowance.Take();
            if (delay > TimeSpan.Zero)
            {
                await Task.Delay(delay, _options.TimeProvider, waiting).ConfigureAwait(false);
            }

            // Half a frame would be the end of the connection: leaving waits for it.
            await socket.SendAsync(_unsent, sending).ConfigureAwait(false);
            _unsent = null;
        }
    }
}
