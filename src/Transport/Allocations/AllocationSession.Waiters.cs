using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.Turn;

namespace Stack.Transport;

/// <summary>Who waits for which answer.</summary>
internal sealed partial class AllocationSession
{
    private readonly TaskCompletionSource<RequestFailure?> _allocated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<TransportAddress, TaskCompletionSource> _permits = [];
    private readonly Dictionary<TransportAddress, TaskCompletionSource> _binds = [];
    private readonly Dictionary<TransportAddress, TaskCompletionSource<ConnectionId>> _connects = [];

    /// <summary>Puts a failed request into words.</summary>
    public TurnException Explain(RequestFailure? failure, string what) => failure is null
        ? TurnFailures.Lost(AllocationLossReason.None, Server)
        : TurnFailures.From(failure, what, Server, Transport, _options.Credential is not null);

    private static Task WaitAsync(Dictionary<TransportAddress, TaskCompletionSource> waiters, TransportAddress peer)
    {
        if (!waiters.TryGetValue(peer, out TaskCompletionSource? completion))
        {
            completion = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            waiters.Add(peer, completion);
        }

        return completion.Task;
    }

    private void Handle(ClientAllocationEvent happened)
    {
        switch (happened.Kind)
        {
            case ClientAllocationEventKind.Allocated:
                _allocated.TrySetResult(null);
                break;
            case ClientAllocationEventKind.AllocationRefused:
                _allocated.TrySetResult(happened.Failure);
                break;
            case ClientAllocationEventKind.PermissionInstalled when _permits.Remove(happened.Peer, out TaskCompletionSource? permit):
                permit.TrySetResult();
                break;
            case ClientAllocationEventKind.PermissionRefused when _permits.Remove(happened.Peer, out TaskCompletionSource? permit):
                permit.TrySetException(Explain(happened.Failure, $"a permission for {happened.Peer.ToIPAddress()}"));
                break;
            case ClientAllocationEventKind.ChannelBound when _binds.Remove(happened.Peer, out TaskCompletionSource? bind):
                bind.TrySetResult();
                break;
            case ClientAllocationEventKind.ChannelRefused when _binds.Remove(happened.Peer, out TaskCompletionSource? bind):
                bind.TrySetException(Explain(happened.Failure, $"a channel to {happened.Peer}"));
                break;
            case ClientAllocationEventKind.PeerConnected when _connects.Remove(happened.Peer, out TaskCompletionSource<ConnectionId>? connect):
                connect.TrySetResult(happened.Connection);
                break;
            case ClientAllocationEventKind.PeerConnectionFailed when _connects.Remove(happened.Peer, out TaskCompletionSource<ConnectionId>? connect):
                connect.TrySetException(Explain(happened.Failure, $"a connection to {happened.Peer}"));
                break;
            case ClientAllocationEventKind.AllocationLost:
                _loss = happened;
                FailAll(TurnFailures.Lost(happened.LossReason, Server));
                _owner?.HandleEvent(this, happened);
                break;
            default:
                _owner?.HandleEvent(this, happened);
                break;
        }
    }

    private void FailAll(Exception error)
    {
        _allocated.TrySetCanceled();
        foreach (TaskCompletionSource waiter in _permits.Values)
        {
            waiter.TrySetException(error);
        }

        foreach (TaskCompletionSource waiter in _binds.Values)
        {
            waiter.TrySetException(error);
        }

        foreach (TaskCompletionSource<ConnectionId> waiter in _connects.Values)
        {
            waiter.TrySetException(error);
        }

        _permits.Clear();
        _binds.Clear();
        _connects.Clear();
    }
}
