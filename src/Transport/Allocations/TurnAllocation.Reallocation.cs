using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using Stack.Stun;

namespace Stack.Transport;

public sealed partial class TurnAllocation
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private void HandleLoss(TurnException error)
    {
        _events.Writer.TryWrite(new TurnEvent(TurnEventKind.AllocationLost) { Failure = error });
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            if (_options.ReallocatesWhenLost)
            {
                _reallocating = ReallocateAsync(_reallocating);
                return;
            }
        }

        _received.Complete(error);
        _attempts.Writer.TryComplete(error);
    }

    private async Task ReallocateAsync(Task before)
    {
        await Task.Yield();
        await before.ConfigureAwait(false);
        TimeSpan pause = FirstPause;
        try
        {
            while (!await TryReallocateAsync().ConfigureAwait(false))
            {
                await Task.Delay(pause, _client.Options.TimeProvider, _stopping.Token).ConfigureAwait(false);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed of.
        }
        catch (TurnException error)
        {
            _received.Complete(error);
            _attempts.Writer.TryComplete(error);
        }
    }

    private async Task<bool> TryReallocateAsync()
    {
        AllocationSession session;
        try
        {
            // The reserved port of a token is gone with the allocation.
            session = await _client.OpenAsync(_options with { ReservationToken = null }, _stopping.Token).ConfigureAwait(false);
        }
        catch (TurnException error) when (error.Failure is not (TurnFailure.AuthenticationFailed or TurnFailure.Unsupported or TurnFailure.Forbidden))
        {
            return false;
        }

        AllocationSession old;
        TransportAddress[] permitted;
        TransportAddress[] bound;
        lock (_gate)
        {
            (old, _session) = (_session, _disposed ? _session : session);
            permitted = [.. _permitted];
            bound = [.. _bound];
        }

        await (old == _session ? session : old).DisposeAsync().ConfigureAwait(false);
        _stopping.Token.ThrowIfCancellationRequested();
        await RestoreAsync(session, permitted, bound).ConfigureAwait(false);

        // Whoever reads the event may send at once: the answer must find its owner, and a loss that has come meanwhile is told afterwards.
        session.Attach(_owner, () => _events.Writer.TryWrite(new TurnEvent(TurnEventKind.Reallocated)));
        return true;
    }

    private async Task RestoreAsync(AllocationSession session, TransportAddress[] permitted, TransportAddress[] bound)
    {
        var tasks = new List<Task>();
        try
        {
            foreach (TransportAddress peer in permitted)
            {
                tasks.Add(session.PermitAsync(peer, _stopping.Token));
            }

            foreach (TransportAddress peer in bound)
            {
                tasks.Add(session.BindChannelAsync(peer, _stopping.Token));
            }

            await Task.WhenAll(tasks).ConfigureAwait(false);
        }
        catch (Exception error) when (error is TurnException or ArgumentException or InvalidOperationException)
        {
            // The peers that are refused now are as those that lose their permission later: data from them does not come.
        }
    }
}
