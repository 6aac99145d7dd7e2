using Stack.Stun;

namespace Stack.Turn;

/// <summary>ChannelBind (RFC 8656 section 12.2).</summary>
internal sealed class ChannelBindHandler(TurnServerContext context)
{
    public TurnServerStep Handle(in AuthenticatedRequest request, Allocation allocation)
    {
        if (request.Message.ReadChannelNumber(out ChannelNumber number) != StunAttributeStatus.Present
            || request.Message.ReadXorPeerAddress(out TransportAddress address) != StunAttributeStatus.Present
            || !(context.Options.AcceptsRfc5766Channels ? number.IsValidInRfc5766 : number.IsValid)
            || address.Port == 0
            || allocation.Protocol != RelayProtocol.Udp)
        {
            return request.Refuse(StunErrorCode.BadRequest);
        }

        var peer = new PeerAddress(address);
        bool bound = allocation.Channels.TryGet(number, request.Now, out ChannelBinding channel);
        if ((bound && channel.Peer != peer)
            || (allocation.Channels.TryGet(peer, request.Now, out ChannelBinding other) && other.Number != number))
        {
            return request.Refuse(StunErrorCode.BadRequest);
        }

        if (allocation.Find(address.Family) is not { } relay)
        {
            return request.Refuse(StunErrorCode.PeerAddressFamilyMismatch);
        }

        if (context.Judge(peer) != PeerVerdict.Allowed)
        {
            return request.Refuse(StunErrorCode.Forbidden);
        }

        if ((!bound && !HasRoomForChannel(allocation, request.Now))
            || (!relay.IsPermitted(peer, request.Now) && !HasRoomForPermission(allocation, request.Now)))
        {
            return request.Refuse(StunErrorCode.InsufficientCapacity);
        }

        allocation.Channels.Set(new ChannelBinding(number, peer, relay, request.Now + Lifetimes.Channel));
        relay.Permit(peer, request.Now);
        StunMessageWriter writer = request.Succeed();
        return request.Finish(ref writer);
    }

    private bool HasRoomForChannel(Allocation allocation, Instant now)
    {
        if (allocation.Channels.Count >= context.Limits.ChannelsPerAllocation)
        {
            allocation.Channels.RemoveExpired(now);
        }

        return allocation.Channels.Count < context.Limits.ChannelsPerAllocation;
    }

    private bool HasRoomForPermission(Allocation allocation, Instant now)
    {
        if (allocation.PermissionCount >= context.Limits.PermissionsPerAllocation)
        {
            allocation.RemoveExpiredPermissions(now);
        }

        return allocation.PermissionCount < context.Limits.PermissionsPerAllocation;
    }
}
