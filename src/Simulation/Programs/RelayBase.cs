using System;
using System.Collections.Generic;
using Stack.Stun;
using Stack.Turn;

namespace Stack.Simulation;

/// <summary>An allocation of an agent.</summary>
internal sealed class RelayBase : IceBase
{
    private const int MaxPeers = 256;

    private readonly VirtualTurnClient _client;
    private readonly TransportAddress _interface;
    private readonly List<TransportAddress> _peers = [];

    public RelayBase(VirtualIceAgent owner, int id, int stream, int component, TransportAddress address, VirtualTurnAddress server, ClientAllocationOptions options)
        : base(owner, id, stream, component)
    {
        _interface = address.WithPort(0);
        Server = server;
        _client = new VirtualTurnClient(owner.Host, _interface, server.Address, options);
        _client.Received = (_, peer, payload) => Owner.HandleDatagram(this, peer, payload);
        _client.Happened = (_, happened) => Handle(happened);
    }

    public VirtualTurnAddress Server { get; }

    public override TransportAddress Interface => _interface;

    public ClientAllocation Allocation => _client.Allocation;

    /// <summary>Whether the server has answered, in whatever way.</summary>
    public bool IsSettled { get; private set; }

    public void Allocate() => _client.Allocate();

    public void Release() => _client.Release();

    public void Permit(List<TransportAddress> peers)
    {
        var wanted = new List<TransportAddress>();
        foreach (TransportAddress peer in peers)
        {
            if (Covers(peer))
            {
                Remember(peer);
                wanted.Add(peer);
            }
        }

        if (wanted.Count != 0)
        {
            _client.Permit([.. wanted]);
        }
    }

    public void BindChannel(TransportAddress peer)
    {
        if (Covers(peer))
        {
            _client.BindChannel(peer);
        }
    }

    public override bool Send(TransportAddress destination, ReadOnlySpan<byte> message, bool isCheck)
    {
        if (!Covers(destination))
        {
            return false;
        }

        if (isCheck && !_client.Allocation.IsPermitted(destination) && !_peers.Contains(destination))
        {
            Remember(destination);
            _client.Permit(destination);
        }

        // A check behind a permission that waits for room is as good as lost; it is sent again. Data goes early too where an answer has come back
        // before the server's word that the permission stands.
        _client.Send(destination, message, isCheck || !_client.Allocation.IsPermitted(destination) ? SendForm.Early : SendForm.Shortest);
        return true;
    }

    public override void Dispose() => _client.Dispose();

    private bool Covers(TransportAddress peer)
        => Allocation is { State: ClientAllocationState.Active, Grant: { } grant } && grant.Covers(peer.Family);

    private void Remember(TransportAddress peer)
    {
        if (_peers.Count < MaxPeers && !_peers.Contains(peer))
        {
            _peers.Add(peer);
        }
    }

    private void Handle(in ClientAllocationEvent happened)
    {
        switch (happened.Kind)
        {
            case ClientAllocationEventKind.Allocated:
                IsSettled = true;
                Owner.HandleAllocated(this);
                break;
            case ClientAllocationEventKind.AllocationRefused:
            case ClientAllocationEventKind.AllocationLost:
                IsSettled = true;
                Owner.HandleAllocationLost(this);
                break;
            case ClientAllocationEventKind.PermissionRefused:
                foreach (TransportAddress peer in _peers.FindAll(happened.Peer.HasSameAddress))
                {
                    _peers.Remove(peer);
                    Owner.HandleUnreachable(Id, peer);
                }

                break;
            case ClientAllocationEventKind.IcmpError:
                Owner.HandleUnreachable(Id, happened.Peer);
                break;
        }
    }
}
