using System;
using System.Collections.Generic;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>The permissions of an allocation: asks for them, sixteen at a time, and keeps them alive (RFC 8656 sections 9 and 10).</summary>
internal sealed class ClientPermissions(Queue<ClientAllocationEvent> events)
{
    /// <summary>How many peers one request names; a bound that servers have too.</summary>
    public const int MaxPerRequest = 16;

    /// <summary>RFC 8656 section 9: the Permission Lifetime MUST be 300 seconds.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(300);

    /// <summary>A minute before the end, which leaves a whole transaction its time.</summary>
    public static readonly TimeSpan RefreshAfter = TimeSpan.FromSeconds(240);

    private readonly Dictionary<TransportAddress, ClientPermission> _permissions = [];
    private readonly List<ClientPermission> _scratch = [];

    public int Count => _permissions.Count;

    public bool Contains(TransportAddress peer) => _permissions.ContainsKey(peer.WithPort(0));

    public bool IsInstalled(TransportAddress peer)
        => _permissions.TryGetValue(peer.WithPort(0), out ClientPermission? permission) && permission.IsInstalled;

    public bool IsInFlight(TransportAddress peer)
        => _permissions.TryGetValue(peer.WithPort(0), out ClientPermission? permission) && permission.IsInFlight;

    public void Add(TransportAddress peer, Instant now)
    {
        TransportAddress address = peer.WithPort(0);
        _permissions.TryAdd(address, new ClientPermission(address) { Due = now });
    }

    public void Clear() => _permissions.Clear();

    /// <summary>ChannelBind installs and refreshes a permission as CreatePermission does (RFC 8656 section 9).</summary>
    public void NoteInstalled(TransportAddress peer, Instant asked)
    {
        TransportAddress address = peer.WithPort(0);
        if (!_permissions.TryGetValue(address, out ClientPermission? permission))
        {
            permission = new ClientPermission(address);
            _permissions.Add(address, permission);
        }

        Install(permission, asked);
    }

    public void Complete(PermissionRequest request, RequestFailure? failure, Instant asked, Instant now)
    {
        foreach (ClientPermission permission in request.Permissions)
        {
            permission.IsInFlight = false;
            if (!_permissions.ContainsKey(permission.Address))
            {
                // It expired while the request was under way.
                continue;
            }

            if (failure is null)
            {
                Install(permission, asked);
            }
            else if (request.Permissions.Count > 1 && failure.Reason == RequestFailureReason.ErrorResponse)
            {
                // All or none: the others shall not suffer for the one that the server refuses.
                permission.IsAlone = true;
                permission.Due = now;
            }
            else if (permission.IsInstalled && failure.Reason != RequestFailureReason.ErrorResponse)
            {
                permission.LastFailure = failure;
                permission.Due = ClientAllocation.RetryAt(failure, now);
            }
            else
            {
                Refuse(permission, failure);
            }
        }
    }

    public void Expire(Instant now)
    {
        _scratch.Clear();
        foreach (ClientPermission permission in _permissions.Values)
        {
            if (permission.IsInstalled && permission.Expires <= now)
            {
                _scratch.Add(permission);
            }
        }

        foreach (ClientPermission permission in _scratch)
        {
            Refuse(permission, permission.LastFailure);
        }
    }

    /// <summary>Takes the permissions that are due into one request.</summary>
    /// <returns>Null where none is due.</returns>
    public PermissionRequest? TakeDue(Instant now)
    {
        List<ClientPermission>? due = null;
        foreach (ClientPermission permission in _permissions.Values)
        {
            if (permission.IsInFlight || permission.Due > now || (due is not null && permission.IsAlone))
            {
                continue;
            }

            permission.IsInFlight = true;
            (due ??= []).Add(permission);
            if (permission.IsAlone || due.Count == MaxPerRequest)
            {
                break;
            }
        }

        return due is null ? null : new PermissionRequest(due);
    }

    public void ConsiderTimeouts(ref Instant? next, Instant now)
    {
        foreach (ClientPermission permission in _permissions.Values)
        {
            if (permission.IsInstalled)
            {
                ClientAllocation.Consider(ref next, permission.Expires, now);
            }

            if (!permission.IsInFlight)
            {
                ClientAllocation.Consider(ref next, permission.Due, now);
            }
        }
    }

    private void Install(ClientPermission permission, Instant asked)
    {
        permission.Expires = asked + Lifetime;
        permission.Due = asked + RefreshAfter;
        permission.IsAlone = false;
        permission.LastFailure = null;
        if (!permission.IsInstalled)
        {
            permission.IsInstalled = true;
            events.Enqueue(new ClientAllocationEvent(ClientAllocationEventKind.PermissionInstalled) { Peer = permission.Address });
        }
    }

    private void Refuse(ClientPermission permission, RequestFailure? failure)
    {
        if (_permissions.Remove(permission.Address))
        {
            permission.IsInstalled = false;
            events.Enqueue(new ClientAllocationEvent(ClientAllocationEventKind.PermissionRefused) { Peer = permission.Address, Failure = failure });
        }
    }
}
