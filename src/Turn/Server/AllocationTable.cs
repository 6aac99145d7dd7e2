using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>
/// The allocations of one loop, by 5-tuple and by relay socket, and when each relayed address expires. What an entry holds of the shared resources
/// it holds exactly as long as it is in here.
/// </summary>
internal sealed class AllocationTable(TurnServerResources resources, IRelaySockets sockets)
{
    private readonly Dictionary<FiveTuple, Allocation> _byPath = [];
    private readonly Dictionary<RelayId, AllocatedRelay> _byRelay = [];
    private readonly DeadlineQueue<AllocatedRelay> _deadlines = new();

    public int Count => _byPath.Count;

    public Instant? NextDeadline => _deadlines.Next;

    public IReadOnlyCollection<Allocation> All => _byPath.Values;

    public Allocation? Find(in FiveTuple path) => _byPath.GetValueOrDefault(path);

    public bool TryFind(RelayId id, [NotNullWhen(true)] out AllocatedRelay? relay) => _byRelay.TryGetValue(id, out relay);

    /// <summary>Adds an allocation, whose quota and ports have been taken and whose sockets are open.</summary>
    public void Add(Allocation allocation)
    {
        _byPath.Add(allocation.Path, allocation);
        foreach (AllocatedRelay relay in allocation.Relays)
        {
            _byRelay.Add(relay.Id, relay);
            _deadlines.Set(relay, relay.Expires);
            if (allocation.Protocol == RelayProtocol.Udp)
            {
                resources.AddLiveRelay(relay.Local);
                resources.AddLiveRelay(relay.Advertised);
            }
        }
    }

    public void Refresh(AllocatedRelay relay, Instant expires)
    {
        relay.Expires = expires;
        _deadlines.Set(relay, expires);
    }

    public bool TryTakeDue(Instant now, [NotNullWhen(true)] out AllocatedRelay? relay) => _deadlines.TryTake(now, out relay);

    /// <summary>Closes a relayed address and gives its port back; with the last one the allocation goes.</summary>
    public void Remove(AllocatedRelay relay, Instant now)
    {
        Allocation allocation = relay.Owner;
        _deadlines.Remove(relay);
        _byRelay.Remove(relay.Id);
        allocation.Relays.Remove(relay);
        allocation.Channels.RemoveAll(relay);
        if (allocation.Protocol == RelayProtocol.Udp)
        {
            resources.RemoveLiveRelay(relay.Local);
            resources.RemoveLiveRelay(relay.Advertised);
        }

        sockets.Close(relay.Id);
        resources.ReturnPort(allocation.Protocol, relay.Local, rests: true, now);
        if (allocation.Relays.Count == 0)
        {
            _byPath.Remove(allocation.Path);
            resources.Release(allocation.Account, allocation.Path.Client.Value);
        }
    }
}
