using System.Collections.Generic;
using System.Security.Cryptography;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>What the handlers of one server work on.</summary>
internal sealed class TurnServerContext(TurnServerOptions options, TurnServerResources resources, IRelaySockets sockets, RandomNumberGenerator random, byte shard)
{
    public TurnServerOptions Options { get; set; } = options;

    public TurnServerResources Resources { get; } = resources;

    public RandomNumberGenerator Random { get; } = random;

    public AllocationTable Allocations { get; } = new(resources, sockets);

    public RelayOpener Relays { get; } = new(resources, sockets);

    public PeerConnectionTable Connections { get; } = new(random, shard);

    public Queue<TurnServerCommand> Commands { get; } = [];

    public Queue<(FiveTuple Path, byte[] Message)> Transmits { get; } = [];

    public Queue<TurnServerEvent> Events { get; } = [];

    public bool IsDraining { get; set; }

    public TurnServerLimits Limits => Options.Limits;

    /// <summary>Judges a peer with its port.</summary>
    public PeerVerdict Judge(PeerAddress peer) => Options.Peers.Judge(peer, Resources.IsLiveRelay(peer.Value));

    /// <summary>Ends an allocation and everything that hangs on it.</summary>
    public void End(Allocation allocation, AllocationEndReason reason, Instant now)
    {
        foreach (AllocatedRelay relay in (List<AllocatedRelay>)[.. allocation.Relays])
        {
            End(relay, reason, now);
        }
    }

    /// <summary>Ends one relayed address, and the allocation with its last one.</summary>
    public void End(AllocatedRelay relay, AllocationEndReason reason, Instant now)
    {
        Allocation allocation = relay.Owner;
        foreach (PeerConnection connection in (List<PeerConnection>)[.. allocation.Connections.Values])
        {
            if (connection.Relay == relay)
            {
                Close(connection);
            }
        }

        Allocations.Remove(relay, now);
        if (allocation.Relays.Count == 0)
        {
            Events.Enqueue(new AllocationEnded(
                allocation.Path,
                allocation.UsernameText,
                allocation.Relayed,
                reason,
                now - allocation.Created,
                allocation.Traffic,
                allocation.NotedPeers));
        }
    }

    /// <summary>Forgets a connection and has the loop close it.</summary>
    public void Close(PeerConnection connection)
    {
        Connections.Remove(connection);
        Commands.Enqueue(new TurnServerCommand(TurnServerCommandKind.CloseConnection, connection.Id, connection.Relay.Id, connection.Peer));
    }
}
