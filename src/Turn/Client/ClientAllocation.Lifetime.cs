using System;
using Stack.Stun;

namespace Stack.Turn;

public sealed partial class ClientAllocation
{
    /// <summary>RFC 8656 section 8: an allocation is refreshed roughly a minute before it expires.</summary>
    private static readonly TimeSpan RefreshMargin = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(5);

    private Instant _expires;
    private Instant _refreshAt;
    private Instant? _suspectedAt;
    private bool _refreshInFlight;
    private bool _refreshRefused;
    private RequestFailure? _lastRefreshFailure;

    private void Advance(Instant now)
    {
        while (_requests.TryReadCompleted(now, out ClientRequest? request, out RequestTransaction? transaction, out RequestFailure? failure))
        {
            Complete(request, transaction, failure, now);
        }

        if (State == ClientAllocationState.Active)
        {
            _permissions.Expire(now);
            _channels.Expire(now);
            StartDue(now);
        }

        _nextDue = null;
        if (State == ClientAllocationState.Active)
        {
            Consider(ref _nextDue, _expires, now);
            if (!_refreshInFlight && !_refreshRefused)
            {
                Consider(ref _nextDue, _refreshAt, now);
            }

            _permissions.ConsiderTimeouts(ref _nextDue, now);
            _channels.ConsiderTimeouts(ref _nextDue, now);
            _connects.ConsiderTimeouts(ref _nextDue, now);
        }
    }

    private void StartDue(Instant now)
    {
        if (!_refreshInFlight && !_refreshRefused && _refreshAt <= now && _requests.HasRoom)
        {
            _refreshInFlight = true;
            _requests.Start(new RefreshRequest(_options.Lifetime, _suspectedAt is null ? null : ProbeSchedule()), now);
        }

        while (_requests.HasRoom && _channels.TryTakeDue(now, out ClientChannel? channel))
        {
            _requests.Start(new ChannelRequest(channel), now);
        }

        while (_requests.HasRoom && _permissions.TakeDue(now) is { } permissions)
        {
            _requests.Start(permissions, now);
        }

        while (_requests.HasRoom && _connects.TryTakeDue(now, out TransportAddress peer))
        {
            _requests.Start(new ConnectRequest(peer), now);
        }
    }

    private void Complete(ClientRequest request, RequestTransaction transaction, RequestFailure? failure, Instant now)
    {
        if (State == ClientAllocationState.Releasing)
        {
            // 437 says that it is gone, which is what was wanted (RFC 8656 section 8.3); silence, that nobody will ever know.
            if (request is RefreshRequest { Deletes: true })
            {
                State = ClientAllocationState.Ended;
                _events.Enqueue(new ClientAllocationEvent(ClientAllocationEventKind.AllocationReleased) { Failure = failure });
            }

            return;
        }

        if (State == ClientAllocationState.Active && failure is { Code: StunErrorCode.AllocationMismatch })
        {
            Lose(AllocationLossReason.UnknownToServer, failure, now);
            return;
        }

        // The server's timers may have begun with the first transmission, so ours do.
        Instant asked = now - transaction.Elapsed;
        switch (request)
        {
            case AllocateRequest when State == ClientAllocationState.Allocating:
                CompleteAllocate(transaction, failure, asked, now);
                break;
            case RefreshRequest when State == ClientAllocationState.Active:
                CompleteRefresh(transaction, failure, asked, now);
                break;
            case PermissionRequest permissions when State == ClientAllocationState.Active:
                _permissions.Complete(permissions, failure, asked, now);
                break;
            case ChannelRequest channel when State == ClientAllocationState.Active:
                CompleteChannel(channel.Channel, failure, asked, now);
                break;
            case ConnectRequest connect when State == ClientAllocationState.Active:
                _connects.Complete(connect.Peer, transaction, failure, now);
                break;
        }
    }

    private void CompleteAllocate(RequestTransaction transaction, RequestFailure? failure, Instant asked, Instant now)
    {
        AllocationGrant? grant = null;
        if (failure is null)
        {
            StunMessage.Decode(transaction.Response.Span, out StunMessage response);
            if (AllocateResponse.TryRead(response, _options, out grant) is { } reason)
            {
                failure = new RequestFailure(reason, transaction);
            }
        }

        if (failure is not null)
        {
            _events.Enqueue(new ClientAllocationEvent(ClientAllocationEventKind.AllocationRefused) { Failure = failure });
            if (failure.Reason is RequestFailureReason.WrongFamily or RequestFailureReason.IncompleteSuccess)
            {
                // RFC 8656 section 7.3: an allocation that cannot be used is deleted.
                Delete(now);
            }
            else
            {
                State = ClientAllocationState.Ended;
            }

            return;
        }

        State = ClientAllocationState.Active;
        Grant = grant!;
        Renew(grant!.Lifetime, asked);
        _events.Enqueue(new ClientAllocationEvent(ClientAllocationEventKind.Allocated));
    }

    private void CompleteRefresh(RequestTransaction transaction, RequestFailure? failure, Instant asked, Instant now)
    {
        _refreshInFlight = false;
        if (failure is null)
        {
            StunMessage.Decode(transaction.Response.Span, out StunMessage response);
            if (!AllocateResponse.TryReadLifetime(response, out TimeSpan lifetime))
            {
                Lose(AllocationLossReason.UnknownToServer, new RequestFailure(RequestFailureReason.IncompleteSuccess, transaction), now);
                return;
            }

            _suspectedAt = null;
            _lastRefreshFailure = null;
            Renew(lifetime, asked);
            return;
        }

        // What is refused for good is not asked for again; the allocation is good until it expires.
        _lastRefreshFailure = failure;
        _refreshRefused = failure.Reason == RequestFailureReason.NotAuthenticated || failure.Code == StunErrorCode.WrongCredentials;
        _refreshAt = RetryAt(failure, now);
    }

    private void CompleteChannel(ClientChannel channel, RequestFailure? failure, Instant asked, Instant now)
    {
        if (failure is { Code: StunErrorCode.BadRequest })
        {
            // RFC 8656 section 12.3: client and server disagree about the channel; start afresh.
            Lose(AllocationLossReason.ChannelOutOfStep, failure, now, delete: true);
            return;
        }

        _channels.Complete(channel, failure, asked, now);
        if (failure is null)
        {
            _permissions.NoteInstalled(channel.Peer, asked);
        }
    }

    private void Renew(TimeSpan lifetime, Instant asked)
    {
        _expires = asked + lifetime;
        _refreshAt = lifetime > RefreshMargin * 2 ? _expires - RefreshMargin : asked + (lifetime / 2);
    }

    private void SuspectServer(Instant now)
    {
        if (State == ClientAllocationState.Active && !_refreshInFlight && (_suspectedAt is not { } last || now - last >= RetryDelay))
        {
            _suspectedAt = now;
            _refreshAt = now < _refreshAt ? now : _refreshAt;
        }
    }

    // A server that restarts is noticed within seconds of its return: the pauses stay below four RTOs.
    private RetransmissionSchedule ProbeSchedule() => _options.Schedule with { MaxRequests = Math.Min(4, _options.Schedule.MaxRequests), FinalWaitFactor = 8 };

    private bool LoseIfExpired(Instant now)
    {
        if (State != ClientAllocationState.Active || now < _expires)
        {
            return State == ClientAllocationState.Ended;
        }

        Lose(AllocationLossReason.Expired, _lastRefreshFailure, now);
        return true;
    }

    private void Lose(AllocationLossReason reason, RequestFailure? failure, Instant now, bool delete = false)
    {
        _events.Enqueue(new ClientAllocationEvent(ClientAllocationEventKind.AllocationLost) { LossReason = reason, Failure = failure });
        if (delete)
        {
            Delete(now);
            return;
        }

        Forget(now);
        State = ClientAllocationState.Ended;
    }

    private void Delete(Instant now)
    {
        Forget(now);
        State = ClientAllocationState.Releasing;
        _requests.Start(new RefreshRequest(TimeSpan.Zero, null), now);
    }

    private void Forget(Instant now)
    {
        _requests.CancelAll(now);
        _permissions.Clear();
        _channels.Clear();
        _connects.Clear();
        _nextDue = null;
    }
}
