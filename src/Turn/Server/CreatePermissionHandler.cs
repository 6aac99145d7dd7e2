using System.Collections.Generic;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>CreatePermission (RFC 8656 section 10.2): all of its peers or none.</summary>
internal sealed class CreatePermissionHandler(TurnServerContext context)
{
    private readonly List<(AllocatedRelay Relay, PeerAddress Peer)> _peers = [];

    public TurnServerStep Handle(in AuthenticatedRequest request, Allocation allocation)
    {
        if (Check(request, allocation) is { } code)
        {
            return request.Refuse(code);
        }

        foreach ((AllocatedRelay relay, PeerAddress peer) in _peers)
        {
            relay.Permit(peer, request.Now);
        }

        StunMessageWriter writer = request.Succeed();
        return request.Finish(ref writer);
    }

    private StunErrorCode? Check(in AuthenticatedRequest request, Allocation allocation)
    {
        _peers.Clear();
        int count = 0;
        bool mismatch = false;
        foreach (StunAttribute attribute in request.Message)
        {
            if (attribute.Type != StunAttributeType.XorPeerAddress)
            {
                continue;
            }

            count++;
            if (AddressValue.DecodeXored(request.Message, attribute.Value, out TransportAddress address) != StunAttributeStatus.Present)
            {
                return StunErrorCode.BadRequest;
            }

            if (allocation.Find(address.Family) is { } relay)
            {
                _peers.Add((relay, new PeerAddress(address)));
            }
            else
            {
                mismatch = true;
            }
        }

        if (count == 0)
        {
            return StunErrorCode.BadRequest;
        }

        if (mismatch)
        {
            return StunErrorCode.PeerAddressFamilyMismatch;
        }

        foreach ((_, PeerAddress peer) in _peers)
        {
            if (context.Options.Peers.JudgeAddress(peer) != PeerVerdict.Allowed)
            {
                return StunErrorCode.Forbidden;
            }
        }

        return count > context.Limits.PeersPerRequest || !HasRoom(allocation, request.Now) ? StunErrorCode.InsufficientCapacity : null;
    }

    private bool HasRoom(Allocation allocation, Instant now)
    {
        // What is only refreshed needs no room, even where the limit has been lowered since.
        int added = CountNew(now);
        if (added == 0 || added + allocation.PermissionCount <= context.Limits.PermissionsPerAllocation)
        {
            return true;
        }

        allocation.RemoveExpiredPermissions(now);
        return added + allocation.PermissionCount <= context.Limits.PermissionsPerAllocation;
    }

    // A peer that is named twice needs room once.
    private int CountNew(Instant now)
    {
        int count = 0;
        for (int i = 0; i < _peers.Count; i++)
        {
            (AllocatedRelay relay, PeerAddress peer) = _peers[i];
            bool isNew = !relay.IsPermitted(peer, now);
            for (int j = 0; j < i && isNew; j++)
            {
                isNew = !_peers[j].Peer.Value.HasSameAddress(peer.Value);
            }

            count += isNew ? 1 : 0;
        }

        return count;
    }
}
